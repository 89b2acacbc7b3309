// @ts-check
import { closeSync, copyFileSync, fsyncSync, openSync } from 'node:fs'
import { createKeysmith } from '../dist/create-keysmith.js'
import { toAuditRow, toCredentialRow, toKeyRow } from '../dist/store/sql/rows.js'
import { sqlite } from '../dist/store/sql/sqlite/sqlite.js'
import { openHandle } from '../dist/store/sql/sqlite/sqlite-handle.js'
import { compare, timeAwaitedCalls, timeCalls } from './rounds.mjs'
import { insertInto, makeKey, run } from './seed.mjs'

const CALLS_A_ROUND = 500

/**
 * Creation on an SQLite file, each on the disk before the next, against a transaction of the same three inserts whose
 * values are ready. Both on a copy of the same file.
 *
 * @param {import('./run.mjs').Plan} plan
 */
export async function measureCreateOnSqlite(plan) {
  const { path, rawKeys } = await plan.seededFile()
  const copies = [`${path}.yardstick`, `${path}.candidate`]
  for (const copy of copies) copyToDisk(path, copy)
  const [yardstickPath = '', candidatePath = ''] = copies
  const handle = openHandle(yardstickPath)
  handle.exec('pragma journal_mode = wal')
  handle.exec('pragma synchronous = full')
  const example = toRows(0)
  const insertKey = handle.prepare(insertInto('keysmith_keys', example.key))
  const insertCredential = handle.prepare(insertInto('keysmith_credentials', example.credential))
  const insertAudit = handle.prepare(insertInto('keysmith_audit', example.audit))

  const keysmith = createKeysmith({ store: sqlite(candidatePath) })
  await keysmith.ready()
  const calls = Array.from({ length: CALLS_A_ROUND * plan.effort }, (_, number) => number)
  const result = await compare(
    plan,
    {
      name: 'transaction, 3 inserts',
      round: () =>
        timeCalls(
          calls.map(toRows),
          (rows) => {
            handle.exec('begin immediate')
            run(insertKey, rows.key)
            run(insertCredential, rows.credential)
            run(insertAudit, rows.audit)
            handle.exec('commit')
            return true
          },
          (done) => done,
        ),
    },
    {
      name: 'keys.create',
      round: () =>
        timeAwaitedCalls(
          calls,
          (number) =>
            keysmith.keys.create({
              name: `key ${number}`,
              ownerId: `owner-${number % 1000}`,
              scopes: ['read:users', 'write:users'],
            }),
          ({ rawKey }) => rawKey !== undefined,
        ),
    },
  )
  handle.close()
  await keysmith.close()
  return [{ name: `create, SQLite, after ${rawKeys.length.toLocaleString('en')} keys`, ...result }]
}

/** @param {number} number */
function toRows(number) {
  const { key, credential, audit } = makeKey(number, Date.now())
  return { key: toKeyRow(key), credential: toCredentialRow(credential), audit: toAuditRow(audit) }
}

/**
 * Not only to the cache of the system: the first commits would wait for the whole file.
 *
 * @param {string} from
 * @param {string} to
 */
function copyToDisk(from, to) {
  copyFileSync(from, to)
  const file = openSync(to, 'r+')
  fsyncSync(file)
  closeSync(file)
}
