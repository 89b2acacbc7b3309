import type { StoreFinding } from '../store/store.ts'
import type { Engine } from './engine.ts'

export interface Health {
  readonly status: 'ok' | 'unavailable'
  readonly store: { readonly name: string; readonly status: 'ok' | 'unavailable'; readonly latencyMs: number }
}

/** Something to mend: what it is, why it matters, what to do. */
export type Finding = StoreFinding

/** Whether the store answers, and how fast. Never throws. */
export async function checkHealth(engine: Engine): Promise<Health> {
  const began = performance.now()
  const status = await Promise.resolve()
    .then(() => engine.store.ping())
    .then(() => 'ok' as const)
    .catch(() => 'unavailable' as const)
  const latencyMs = Math.round((performance.now() - began) * 1000) / 1000
  return { status, store: { name: engine.store.name, status, latencyMs } }
}

/** All that is wrong with the store and with the hashes in it. Empty when all is well. */
export async function diagnose(engine: Engine): Promise<Finding[]> {
  const findings = await engine.store.findings()
  return findings.length > 0 ? findings : missingPeppers(engine)
}

/** A finding for each scheme of stored hashes that no configured hasher can prove. */
export async function missingPeppers(engine: Engine): Promise<Finding[]> {
  return engine.hashers.unknown(await engine.store.hashSchemes()).map((scheme) => ({
    id: 'hasher.unknown',
    cause: `Stored keys are hashed with "${scheme}", which is not configured: they could not be verified.`,
    fix: scheme.startsWith('hmac-sha256$')
      ? `Put the pepper of version ${scheme.slice(scheme.indexOf('$') + 1)} back into the list of peppers.`
      : `Configure the hasher for "${scheme}".`,
  }))
}
