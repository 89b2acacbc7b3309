import type { Engine } from './engine.ts'
import { CLAIM_LIFETIME_MS } from './idempotency.ts'

// A raw key whose grace is over answers `rotated` for this long, then `invalid`.
const ENDED_CREDENTIALS_KEPT_MS = 30 * 86_400_000

export interface Maintenance {
  /** Credentials that ended more than 30 days ago and were taken away. */
  readonly credentials: number
  /** Idempotency keys that were forgotten. */
  readonly claims: number
}

/** Takes away what is no longer needed. Nothing depends on it being run: it only saves room. */
export async function maintain(engine: Engine): Promise<Maintenance> {
  const now = engine.clock()
  await engine.lastUsed.flush()
  return engine.store.sweep({ credentials: now - ENDED_CREDENTIALS_KEPT_MS, claims: now - CLAIM_LIFETIME_MS })
}
