import type { Caller } from '../core/audit.ts'
import type { CredentialRecord } from '../core/credential.ts'
import { KeysmithError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { KeyKind, KeyRecord, Metadata } from '../core/key.ts'
import { DEFAULT_APP, DEFAULT_TENANT, EVERY, narrowRealm, type Realm } from '../core/realm.ts'
import { holdsManagementScope } from '../core/scopes.ts'
import type { IssuedRawKey } from '../token/format.ts'
import type { Engine } from './engine.ts'
import { assertPolicy, assertScopesAllowed, uniqueScopes } from './key-rules.ts'

/** What creators say of a key, whether it is made here or brought in. */
export interface KeyFields {
  readonly name: string
  readonly description?: string | undefined
  readonly kind?: KeyKind | undefined
  readonly ownerId?: string | undefined
  readonly scopes?: readonly string[] | undefined
  readonly policyId?: string | undefined
  readonly tenantId?: string | undefined
  readonly appId?: string | undefined
  readonly metadata?: Metadata | undefined
}

/** A key that has no raw key yet. */
export type KeyDraft = Omit<KeyRecord, 'identifier' | 'format' | 'prefix' | 'environment' | 'hint'>

/**
 * A new key as its creator wants it, with the defaults for what was not said.
 *
 * @throws {KeysmithError} `forbidden`, `scope_not_available`, `policy_not_found`, `invalid_request`
 */
export function draftKey(
  engine: Engine,
  realm: Realm,
  fields: KeyFields,
  caller: Caller,
  times: { readonly now: number; readonly createdAt: number; readonly expiresAt: number | null },
): KeyDraft {
  const scopes = uniqueScopes(fields.scopes ?? engine.rules.defaultScopes)
  assertScopesAllowed(engine.rules, [], scopes, caller)
  assertPolicy(fields.policyId)
  return {
    id: newId('key'),
    ...placeOf(realm, fields, scopes),
    name: fields.name,
    description: fields.description ?? '',
    kind: fields.kind ?? 'service',
    ownerId: fields.ownerId ?? null,
    scopes,
    policyId: null,
    metadata: fields.metadata ?? {},
    state: 'active',
    stateReason: null,
    stateChangedAt: times.createdAt,
    createdAt: times.createdAt,
    createdBy: caller.actor?.id ?? null,
    updatedAt: times.now,
    expiresAt: times.expiresAt,
    lastUsedAt: null,
    rotatedAt: null,
    version: 1,
  }
}

/**
 * Tenant and app of a new key. Only a management key can belong to every tenant; one whose app is not named
 * is bound to its tenant alone.
 */
function placeOf(
  walls: Realm,
  wanted: Realm,
  scopes: readonly string[],
): { tenantId: string; appId: string } {
  const manages = holdsManagementScope(scopes)
  const within = narrowRealm(walls, { tenantId: wanted.tenantId, appId: wanted.appId })
  const place = {
    tenantId: within.tenantId ?? DEFAULT_TENANT,
    appId: within.appId ?? (manages ? EVERY : DEFAULT_APP),
  }
  if (!manages && (place.tenantId === EVERY || place.appId === EVERY)) {
    throw new KeysmithError(
      'invalid_request',
      `tenantId: only a key with management scopes can belong to every tenant or app ("${EVERY}").`,
    )
  }
  if (place.tenantId === EVERY && place.appId !== EVERY) {
    throw new KeysmithError(
      'invalid_request',
      'appId: a key of every tenant belongs to every app. Leave it out.',
    )
  }
  return place
}

/** The credential of a raw key that was just made. */
export async function newCredential(
  engine: Engine,
  keyId: string,
  { rawKey, lookup, hint }: IssuedRawKey,
  createdAt: number,
): Promise<CredentialRecord> {
  const hash = await engine.hashers.hash(rawKey)
  return credentialOf({ keyId, lookup, hash, scheme: engine.hashers.scheme, hint, createdAt })
}

/** A credential that lives as long as its key. */
export function credentialOf(fields: Omit<CredentialRecord, 'id' | 'endsAt'>): CredentialRecord {
  return { id: newId('credential'), ...fields, endsAt: null }
}
