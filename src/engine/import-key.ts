import type { Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import { deepFreeze } from '../core/freeze.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { ImportKeyInput } from '../core/key-input.ts'
import type { Realm } from '../core/realm.ts'
import { readIdentifier } from '../token/native-format.ts'
import { keyAudit } from './change-key.ts'
import { formatOf } from './create-key.ts'
import { credentialOf, draftKey } from './draft-key.ts'
import type { Engine } from './engine.ts'

/**
 * Takes in a key whose raw form was issued elsewhere: its identifier and its hash are enough, and its clients go
 * on as they are. The raw key is not needed and never seen.
 *
 * An expiry in the past is accepted: an expired key comes in as such.
 *
 * @throws {KeysmithError} `identifier_taken`, `invalid_request`, `forbidden`, `scope_not_available`, `policy_not_found`
 */
export async function importKey(
  engine: Engine,
  realm: Realm,
  input: ImportKeyInput,
  caller: Caller = {},
): Promise<Key> {
  const now = engine.clock()
  const fields = parseInput(ImportKeyInput, input)
  const format = fields.format ?? 'native'
  const lookup = formatOf(engine, format).lookupOf(fields.identifier)
  if (lookup === undefined) {
    throw new KeysmithError('invalid_request', `identifier: give the public part of a ${format} raw key.`)
  }
  const scheme = engine.hashers.schemeOf(fields.hash)
  const createdAt = fields.createdAt ?? now
  const { defaultExpiry } = engine.rules
  const expiresAt =
    fields.expiresAt === undefined && defaultExpiry !== null ? now + defaultExpiry : fields.expiresAt
  const hint = fields.hint ?? ''
  const key: KeyRecord = deepFreeze({
    ...draftKey(engine, realm, fields, caller, { now, createdAt, expiresAt: expiresAt ?? null }),
    identifier: fields.identifier,
    format,
    ...readIdentifier(fields.identifier),
    hint,
  })
  const credential = credentialOf({ keyId: key.id, lookup, hash: fields.hash, scheme, hint, createdAt })
  const audit = keyAudit(key, 'key.imported', caller, now, {
    identifier: key.identifier,
    name: key.name,
    scopes: key.scopes,
  })
  const { outcome } = await engine.store.createKey({ key, credential, audit })
  if (outcome !== 'created') {
    throw new KeysmithError('identifier_taken', `identifier: there is a key with ${key.identifier} already.`)
  }
  engine.lookUp.changed()
  return toKey(key, now)
}
