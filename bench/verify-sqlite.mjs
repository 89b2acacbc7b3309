// @ts-check
import { createKeysmith } from '../dist/create-keysmith.js'
import { sqlite } from '../dist/store/sql/sqlite/sqlite.js'
import { openHandle } from '../dist/store/sql/sqlite/sqlite-handle.js'
import { compare, timeAwaitedCalls, timeCalls } from './rounds.mjs'
import { slice } from './seed.mjs'

const CALLS_A_ROUND = 20_000

// All that a verification needs to know, in the one statement that gives it.
export const POINT_SELECT = `
  select k.*, c.id as credential_id, c.hash as credential_hash, c.scheme as credential_scheme,
    c.hint as credential_hint, c.created_at as credential_created_at, c.ends_at as credential_ends_at
  from keysmith_credentials as c inner join keysmith_keys as k on k.id = c.key_id
  where c.lookup = ?`

/**
 * Verification on an SQLite file, each key in random order, against a prepared point select of the same columns with
 * the same driver on a connection of its own. First without the writing of last uses, then with it: a round ends when
 * all are on the disk. With every use a key that was not used for long, that is the worst that can happen.
 *
 * @param {import('./run.mjs').Plan} plan
 */
export async function measureVerifyOnSqlite(plan) {
  const { path, rawKeys } = await plan.seededFile()
  const name = `verify, SQLite, ${rawKeys.length.toLocaleString('en')} keys, cold`
  return [
    await measureVerify(plan, name, () => undefined),
    await measureVerify(plan, `${name}, last uses written`, (store, uses) => store.markUsed(uses)),
  ]

  /**
   * @param {import('./run.mjs').Plan} plan
   * @param {string} name
   * @param {(store: import('../dist/store/store.js').Store, uses: readonly import('../dist/store/store.js').KeyUse[]) => void | Promise<void>} markUsed
   */
  async function measureVerify(plan, name, markUsed) {
    const store = sqlite(path)
    /** @type {(void | Promise<void>)[]} */
    const writes = []
    const keysmith = createKeysmith({
      store: {
        ...store,
        markUsed(uses) {
          const writing = markUsed(store, uses)
          writes.push(writing)
          return writing
        },
      },
    })
    await keysmith.ready()
    const { select, close } = openSelect(path)
    const identifiers = rawKeys.map(identifierOf)
    const calls = CALLS_A_ROUND * plan.effort
    const from = (/** @type {number} */ index) => (index + plan.warmUps) * calls
    const result = await compare(
      plan,
      {
        name: 'prepared select',
        round: (index) =>
          timeCalls(slice(identifiers, from(index), calls), select, (row) => row !== undefined),
      },
      {
        name: 'keys.verify',
        async round(index) {
          const items = slice(rawKeys, from(index), calls)
          const start = performance.now()
          const round = await timeAwaitedCalls(items, keysmith.keys.verify, ({ valid }) => valid)
          await Promise.all(writes.splice(0))
          return { ...round, seconds: (performance.now() - start) / 1000 }
        },
      },
    )
    close()
    await keysmith.close()
    return { name, ...result }
  }
}

/** @param {string} path */
export function openSelect(path) {
  const handle = openHandle(path)
  const statement = /** @type {{ get(lookup: string): unknown }} */ (
    /** @type {unknown} */ (handle.prepare(POINT_SELECT))
  )
  return {
    select: (/** @type {string} */ identifier) => statement.get(identifier),
    close: () => handle.close(),
  }
}

/** @param {string} rawKey */
export const identifierOf = (rawKey) => rawKey.slice(0, rawKey.lastIndexOf('_'))
