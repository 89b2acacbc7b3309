import { KeysmithError } from '../core/errors.ts'
import { isKeyId } from '../core/ids.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { KeyFilter, ListKeysInput } from '../core/key-input.ts'
import { type Page, toPage, toPageQuery } from '../core/page.ts'
import { narrowRealm, type Realm } from '../core/realm.ts'
import type { KeyReference } from '../store/store.ts'
import type { Engine } from './engine.ts'

/** @throws {KeysmithError} `key_not_found`, the same for a key of another tenant as for none */
export async function getKey(engine: Engine, realm: Realm, idOrIdentifier: string): Promise<Key> {
  return toKey(await requireKey(engine, realm, idOrIdentifier), engine.clock())
}

/** @throws {KeysmithError} `key_not_found` */
export async function getKeyByIdentifier(engine: Engine, realm: Realm, identifier: string): Promise<Key> {
  return toKey(await requireRecord(engine, realm, { identifier }), engine.clock())
}

export async function listKeys(engine: Engine, realm: Realm, input: ListKeysInput = {}): Promise<Page<Key>> {
  const { limit, offset, cursor, tenantId, appId, ...filter } = parseInput(ListKeysInput, input)
  const within = narrowRealm(realm, { tenantId, appId })
  const list = `keys ${JSON.stringify([within, filter])}`
  const page = toPageQuery({ limit, offset, cursor }, list)
  const now = engine.clock()
  const rows = await engine.store.listKeys(within, { ...filter, now }, page)
  return toPage(rows, page, list, (record) => toKey(record, now))
}

export async function countKeys(engine: Engine, realm: Realm, input: KeyFilter = {}): Promise<number> {
  const { tenantId, appId, ...filter } = parseInput(KeyFilter, input)
  return engine.store.countKeys(narrowRealm(realm, { tenantId, appId }), { ...filter, now: engine.clock() })
}

/** The record of a key by its id or identifier. @throws {KeysmithError} `key_not_found` */
export function requireKey(engine: Engine, realm: Realm, idOrIdentifier: string): Promise<KeyRecord> {
  return requireRecord(
    engine,
    realm,
    isKeyId(idOrIdentifier) ? { id: idOrIdentifier } : { identifier: idOrIdentifier },
  )
}

async function requireRecord(engine: Engine, realm: Realm, reference: KeyReference): Promise<KeyRecord> {
  const named = Object.values(reference).every((name) => typeof name === 'string')
  const record = named ? await engine.store.getKey(realm, reference) : undefined
  if (record) return record
  throw new KeysmithError('key_not_found', 'There is no such key. Use its id (akey_…) or its identifier.')
}
