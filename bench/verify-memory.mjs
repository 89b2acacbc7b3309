// @ts-check
import { hash } from 'node:crypto'
import { createKeysmith } from '../dist/create-keysmith.js'
import { memory } from '../dist/store/memory/memory-store.js'
import { compare, timeAwaitedCalls, timeCalls } from './rounds.mjs'
import { seedStore, shuffled, slice } from './seed.mjs'

const CALLS_A_ROUND = 200_000

/**
 * Verification in memory, against the least that any verification does: hash what was sent, and find it.
 *
 * @param {import('./run.mjs').Plan} plan
 */
export async function measureVerifyInMemory(plan) {
  const figures = []
  for (const count of [1_000, 100_000]) {
    const store = memory()
    const keysmith = createKeysmith({ store })
    await keysmith.ready()
    const rawKeys = shuffled(await seedStore(store, count))
    const byHash = new Map(rawKeys.map((rawKey) => [hash('sha256', rawKey, 'hex'), { valid: true }]))
    const calls = slice(rawKeys, 0, CALLS_A_ROUND * plan.effort)
    const result = await compare(
      plan,
      {
        name: 'crypto.hash + Map.get',
        round: () =>
          timeCalls(
            calls,
            (rawKey) => byHash.get(hash('sha256', rawKey, 'hex')),
            (entry) => entry !== undefined,
          ),
      },
      {
        name: 'keys.verify',
        round: () => timeAwaitedCalls(calls, keysmith.keys.verify, ({ valid }) => valid),
      },
    )
    await keysmith.close()
    figures.push({ name: `verify, memory, ${count.toLocaleString('en')} keys`, ...result })
  }
  return figures
}
