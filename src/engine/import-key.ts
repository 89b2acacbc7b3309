import type { Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import { deepFreeze } from '../core/freeze.ts'
import { newId } from '../core/ids.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { ImportKeyInput } from '../core/key-input.ts'
import type { Realm } from '../core/realm.ts'
import { readIdentifier } from '../token/native-format.ts'
import { keyAudit } from './change-key.ts'
import { expiryOf, formatOf, placeOf } from './create-key.ts'
import type { Engine } from './engine.ts'
import { assertPolicy, assertScopesAllowed, uniqueScopes } from './key-rules.ts'

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
  const scopes = uniqueScopes(fields.scopes ?? engine.rules.defaultScopes)
  assertScopesAllowed(engine.rules, scopes, caller)
  assertPolicy(fields.policyId)
  const createdAt = fields.createdAt ?? now
  const key: KeyRecord = deepFreeze({
    id: newId('key'),
    ...placeOf(realm, fields, scopes),
    identifier: fields.identifier,
    format,
    ...readIdentifier(fields.identifier),
    name: fields.name,
    description: fields.description ?? '',
    kind: fields.kind ?? 'service',
    ownerId: fields.ownerId ?? null,
    scopes,
    policyId: null,
    metadata: fields.metadata ?? {},
    state: 'active',
    stateReason: null,
    stateChangedAt: createdAt,
    hint: fields.hint ?? '',
    createdAt,
    createdBy: caller.actor?.id ?? null,
    updatedAt: now,
    expiresAt:
      fields.expiresAt === undefined ? expiryOf(fields, engine.rules.defaultExpiry, now) : fields.expiresAt,
    lastUsedAt: null,
    rotatedAt: null,
    version: 1,
  })
  const credential = {
    id: newId('credential'),
    keyId: key.id,
    lookup,
    hash: fields.hash,
    scheme,
    hint: key.hint,
    createdAt,
    endsAt: null,
  }
  const audit = keyAudit(key, 'key.imported', caller, now, {
    identifier: key.identifier,
    name: key.name,
    scopes,
  })
  const { outcome } = await engine.store.createKey({ key, credential, audit })
  if (outcome !== 'created') {
    throw new KeysmithError('identifier_taken', `identifier: there is a key with ${key.identifier} already.`)
  }
  engine.lookUp.appeared(lookup)
  return toKey(key, now)
}
