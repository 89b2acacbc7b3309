// @ts-check
import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { toKey } from '../dist/core/key.js'
import { judge } from '../dist/core/verification.js'
import { createKeysmith } from '../dist/create-keysmith.js'
import { memory } from '../dist/store/memory/memory-store.js'
import { sqlite } from '../dist/store/sql/sqlite/sqlite.js'
import { sameDigest } from '../dist/token/digests.js'
import { nativeFormat } from '../dist/token/native-format.js'
import { sha256 } from '../dist/token/sha256.js'
import { quantile, timeAwaitedCalls, timeCalls } from './rounds.mjs'
import { seedStore, shuffled, slice } from './seed.mjs'
import { identifierOf, openSelect } from './verify-sqlite.mjs'

const CALLS_A_ROUND = 100_000
const CALLS_ON_SQLITE = 10_000
const USES_A_BATCH = 1_000

/**
 * What the parts of a verification take by themselves: where the time goes. They add up to a little less than the
 * whole, and JIT compilers treat a part alone better than a part among others.
 *
 * @param {import('./run.mjs').Plan} plan
 */
export async function measureParts(plan) {
  const store = memory()
  const format = nativeFormat()
  const seeded = shuffled(await seedStore(store, 10_000))
  const rawKeys = slice(seeded, 0, CALLS_A_ROUND * plan.effort)
  const identifiers = rawKeys.map(identifierOf)
  const match = await store.find(identifiers[0] ?? '')
  const [credential] = match?.credentials ?? []
  if (!match || !credential) throw new Error('A seeded key was not found.')
  const inMemory = createKeysmith({ store })
  await inMemory.ready()

  const file = await plan.seededFile()
  const fileStore = sqlite(file.path)
  const onSqlite = createKeysmith({ store: { ...fileStore, markUsed: () => undefined } })
  await onSqlite.ready()
  const { select, close } = openSelect(file.path)
  const fileKeys = slice(file.rawKeys, 0, CALLS_ON_SQLITE * plan.effort)
  const fileIdentifiers = fileKeys.map(identifierOf)
  const ids = await Promise.all(
    fileIdentifiers
      .slice(0, USES_A_BATCH)
      .map(async (identifier) => (await fileStore.find(identifier))?.key.id ?? ''),
  )

  const now = Date.now()
  const known = `sha256$${hash('sha256', rawKeys[0] ?? '', 'hex')}`
  const sync =
    (/** @type {readonly string[]} */ items, /** @type {(item: string) => unknown} */ call) => () =>
      timeCalls(items, call, () => true)
  const groups = [
    {
      name: 'verify, memory, 10,000 keys',
      parts: {
        'keys.verify, whole': () => timeAwaitedCalls(rawKeys, inMemory.keys.verify, ({ valid }) => valid),
        'an async call that does nothing': () =>
          timeAwaitedCalls(
            rawKeys,
            async (item) => item,
            () => true,
          ),
        'parse and checksum': sync(rawKeys, format.parse),
        '  of it crc32 (zlib)': sync(rawKeys, crc32),
        'look up (store.find)': sync(identifiers, store.find),
        'prove (sha256.verify)': sync(rawKeys, (rawKey) => sha256.verify(rawKey, known)),
        "  of it crypto.hash('sha256', k, 'hex')": sync(rawKeys, (rawKey) => hash('sha256', rawKey, 'hex')),
        '  of it sameDigest': sync(rawKeys, () => sameDigest(known, known)),
        'judge (state, expiry, grace)': sync(rawKeys, () => judge(match.key, credential, now)),
        'answer (toKey)': sync(rawKeys, () => toKey(match.key, now)),
      },
    },
    {
      name: `verify, SQLite, ${file.rawKeys.length.toLocaleString('en')} keys`,
      parts: {
        'keys.verify, whole': () => timeAwaitedCalls(fileKeys, onSqlite.keys.verify, ({ valid }) => valid),
        'look up (store.find)': sync(fileIdentifiers, fileStore.find),
        '  of it the prepared select': sync(fileIdentifiers, select),
        'write one last use, of a batch of 1,000': () => writeLastUses(fileStore, ids),
      },
    },
  ]
  const measured = []
  for (const { name, parts } of groups) measured.push({ name, rows: await timeParts(plan, parts) })
  close()
  await Promise.all([inMemory.close(), onSqlite.close()])
  return measured
}

/**
 * @param {import('../dist/store/store.js').Store} store
 * @param {readonly string[]} ids
 */
async function writeLastUses(store, ids) {
  const start = performance.now()
  await store.markUsed(ids.map((keyId) => ({ keyId, at: Date.now() })))
  return { operations: ids.length, seconds: (performance.now() - start) / 1000 }
}

/**
 * @param {import('./run.mjs').Plan} plan
 * @param {Record<string, () => import('./rounds.mjs').Round | Promise<import('./rounds.mjs').Round>>} parts
 */
async function timeParts(plan, parts) {
  /** @type {Map<string, number[]>} */
  const times = new Map(Object.keys(parts).map((part) => [part, []]))
  for (let index = -plan.warmUps; index < plan.rounds; index++) {
    for (const [part, time] of Object.entries(parts)) {
      const { operations, seconds } = await time()
      if (index >= 0) times.get(part)?.push((seconds / operations) * 1e9)
    }
  }
  return [...times].map(([part, all]) => ({ part, nanoseconds: quantile(all, 0.5) }))
}
