// @ts-check
import { newId } from '../dist/core/ids.js'
import { toCredentialRow, toKeyRow } from '../dist/store/sql/rows.js'
import { sqlite } from '../dist/store/sql/sqlite/sqlite.js'
import { openHandle } from '../dist/store/sql/sqlite/sqlite-handle.js'
import { nativeFormat } from '../dist/token/native-format.js'
import { sha256 } from '../dist/token/sha256.js'

/**
 * A key as most are: two scopes, an owner, no expiry, no metadata; with its credential and its raw key.
 *
 * @param {number} number
 * @param {number} now
 */
export function makeKey(number, now) {
  const issued = nativeFormat().issue({ prefix: 'sk', environment: 'live' })
  const key = Object.freeze({
    id: newId('key'),
    tenantId: 'default',
    appId: 'default',
    identifier: issued.identifier,
    format: 'native',
    prefix: 'sk',
    environment: 'live',
    name: `key ${number}`,
    description: '',
    kind: /** @type {const} */ ('service'),
    ownerId: `owner-${number % 1000}`,
    scopes: Object.freeze(['read:users', 'write:users']),
    policyId: null,
    metadata: Object.freeze({}),
    state: /** @type {const} */ ('active'),
    stateReason: null,
    stateChangedAt: now,
    hint: issued.hint,
    createdAt: now,
    createdBy: null,
    updatedAt: now,
    expiresAt: null,
    lastUsedAt: null,
    rotatedAt: null,
    version: 1,
  })
  const credential = Object.freeze({
    id: newId('credential'),
    keyId: key.id,
    lookup: issued.lookup,
    hash: /** @type {string} */ (sha256.hash(issued.rawKey)),
    scheme: sha256.scheme,
    hint: issued.hint,
    createdAt: now,
    endsAt: null,
  })
  const audit = Object.freeze({
    id: newId('auditEvent'),
    tenantId: key.tenantId,
    appId: key.appId,
    action: 'key.created',
    keyId: key.id,
    actorType: null,
    actorId: null,
    path: null,
    method: null,
    status: null,
    ip: null,
    userAgent: null,
    extra: { identifier: key.identifier, name: key.name, scopes: key.scopes },
    createdAt: now,
  })
  return { key, credential, audit, rawKey: issued.rawKey }
}

/**
 * Fills a store through its port.
 *
 * @param {import('../dist/store/store.js').Store} store
 * @param {number} count
 * @returns {Promise<string[]>} the raw keys
 */
export async function seedStore(store, count) {
  const rawKeys = []
  for (let number = 0; number < count; number++) {
    const { rawKey, ...creation } = makeKey(number, Date.now())
    await store.createKey(creation)
    rawKeys.push(rawKey)
  }
  return rawKeys
}

const BATCH = 10_000

/**
 * Makes an SQLite file with keys, row by row, past the engine: a hundred thousand take seconds.
 *
 * @param {string} path
 * @param {number} count
 * @returns {Promise<string[]>} the raw keys
 */
export async function seedFile(path, count) {
  const store = sqlite(path)
  await store.migrate()
  await store.close()
  const handle = openHandle(path)
  // Nothing of value is lost with a seed.
  handle.exec('pragma synchronous = off')
  const rawKeys = []
  let insertKey
  let insertCredential
  for (let number = 0; number < count; number++) {
    if (number % BATCH === 0) handle.exec(number === 0 ? 'begin' : 'commit; begin')
    const { rawKey, key, credential } = makeKey(number, Date.now())
    const [keyRow, credentialRow] = [toKeyRow(key), toCredentialRow(credential)]
    insertKey ??= handle.prepare(insertInto('keysmith_keys', keyRow))
    insertCredential ??= handle.prepare(insertInto('keysmith_credentials', credentialRow))
    run(insertKey, keyRow)
    run(insertCredential, credentialRow)
    rawKeys.push(rawKey)
  }
  handle.exec('commit')
  handle.exec('pragma wal_checkpoint(truncate)')
  handle.close()
  return rawKeys
}

/** @param {string} table @param {object} row */
export function insertInto(table, row) {
  const columns = Object.keys(row)
  return `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`
}

/** @param {{ run(...parameters: never[]): unknown }} statement @param {object} row */
export function run(statement, row) {
  statement.run(.../** @type {never[]} */ (Object.values(row)))
}

/**
 * In random order.
 *
 * @template Item
 * @param {readonly Item[]} items
 */
export function shuffled(items) {
  const order = [...items]
  for (let left = order.length - 1; left > 0; left--) {
    const other = Math.floor(Math.random() * (left + 1))
    ;[order[left], order[other]] = [/** @type {Item} */ (order[other]), /** @type {Item} */ (order[left])]
  }
  return order
}

/**
 * Items `from` to `from + count`, beginning anew at the end.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} from
 * @param {number} count
 */
export function slice(items, from, count) {
  return Array.from(
    { length: count },
    (_, index) => /** @type {Item} */ (items[(from + index) % items.length]),
  )
}
