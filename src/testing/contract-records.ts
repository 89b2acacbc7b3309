import type { AuditRecord } from '../core/audit.ts'
import type { CredentialRecord } from '../core/credential.ts'
import { newId } from '../core/ids.ts'
import type { KeyRecord } from '../core/key.ts'
import type { PageQuery } from '../core/page.ts'
import type { Realm } from '../core/realm.ts'
import type { RotationRecord } from '../core/rotation.ts'
import type {
  AuditQuery,
  CredentialRotation,
  IdempotencyClaim,
  KeyCreation,
  ScopeRecord,
  Store,
} from '../store/store.ts'

/** Records to put into stores: plain and mutable, so that a store has to freeze or copy them itself. */

export const NOW = Date.UTC(2030, 0, 1)
export const HOUR = 3_600_000

/** All tenants and apps. */
export const ANYWHERE: Realm = {}

export function aKey(fields: Partial<KeyRecord> = {}): KeyRecord {
  const id = newId('key')
  return {
    id,
    tenantId: 'acme',
    appId: 'shop',
    identifier: `sk_live_${id.slice(-12)}`,
    format: 'native',
    prefix: 'sk',
    environment: 'live',
    name: 'billing',
    description: '',
    kind: 'service',
    ownerId: null,
    scopes: ['read:users', 'write:users'],
    policyId: null,
    metadata: { team: { name: 'core' }, tags: ['a', 'b'] },
    state: 'active',
    stateReason: null,
    stateChangedAt: NOW,
    hint: 'wxyz',
    createdAt: NOW,
    createdBy: null,
    updatedAt: NOW,
    expiresAt: null,
    lastUsedAt: null,
    rotatedAt: null,
    version: 1,
    ...fields,
  }
}

export function aCredential(key: KeyRecord, fields: Partial<CredentialRecord> = {}): CredentialRecord {
  const id = newId('credential')
  return {
    id,
    keyId: key.id,
    lookup: key.identifier,
    hash: `sha256$${id}`,
    scheme: 'sha256',
    hint: key.hint,
    createdAt: key.createdAt,
    endsAt: null,
    ...fields,
  }
}

export function anAudit(key: KeyRecord, action: string, fields: Partial<AuditRecord> = {}): AuditRecord {
  return {
    id: newId('auditEvent'),
    tenantId: key.tenantId,
    appId: key.appId,
    action,
    keyId: key.id,
    actorType: 'user',
    actorId: 'ada',
    path: '/v1/keys',
    method: 'POST',
    status: 201,
    ip: '192.0.2.1',
    userAgent: 'curl/8',
    extra: { reason: 'because', list: [1, { deep: true }] },
    createdAt: NOW,
    ...fields,
  }
}

export function aCreation(key: KeyRecord, claim?: IdempotencyClaim): KeyCreation {
  return {
    key,
    credential: aCredential(key),
    audit: anAudit(key, 'key.created', { createdAt: key.createdAt }),
    claim,
  }
}

export function aClaim(fields: Partial<IdempotencyClaim> = {}): IdempotencyClaim {
  return {
    claimant: 'user:ada',
    token: 'token-1',
    fingerprint: 'f1',
    createdAt: NOW,
    expiredBefore: NOW - 24 * HOUR,
    ...fields,
  }
}

export function aScope(fields: Partial<ScopeRecord> = {}): ScopeRecord {
  return {
    id: newId('scope'),
    tenantId: 'acme',
    appId: 'shop',
    name: 'read:users',
    description: 'Read users',
    createdAt: NOW,
    ...fields,
  }
}

/** A rotation of a key at a time, whose older credentials end after a grace. */
export function aRotation(
  key: KeyRecord,
  { at = NOW + HOUR, grace = HOUR, from = 'old' }: { at?: number; grace?: number; from?: string } = {},
): CredentialRotation {
  const credential = aCredential(key, { createdAt: at, hint: 'new4' })
  const rotation: RotationRecord = {
    id: newId('rotation'),
    keyId: key.id,
    tenantId: key.tenantId,
    appId: key.appId,
    reason: 'manual',
    oldCredentialId: from,
    newCredentialId: credential.id,
    graceEndsAt: at + grace,
    actorId: 'ada',
    createdAt: at,
  }
  return {
    key,
    credential,
    rotation,
    endsAt: rotation.graceEndsAt,
    drop: [],
    at,
    audit: anAudit(key, 'key.rotated', { createdAt: at }),
  }
}

/** Puts a key into a store. */
export async function putKey(store: Store, fields: Partial<KeyRecord> = {}): Promise<KeyRecord> {
  const key = aKey(fields)
  await store.createKey(aCreation(structuredClone(key)))
  return key
}

/** The first rows of a list. */
export const page = (fields: Partial<PageQuery> = {}): PageQuery => ({
  limit: 100,
  offset: 0,
  after: undefined,
  ...fields,
})

/** Ids of what is listed. */
export const ids = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id)

/** The order of every list: created last comes first, and of those created at once the greater id. */
export function newestFirst<Row extends { readonly id: string; readonly createdAt: number }>(
  records: readonly Row[],
): Row[] {
  return [...records].sort((left, right) => right.createdAt - left.createdAt || (left.id < right.id ? 1 : -1))
}

/** What was done to a key, by its audit trail: the first first. */
export async function actionsOn(store: Store, keyId: string, filter: AuditQuery = {}): Promise<string[]> {
  const trail = await store.listAudit(ANYWHERE, { keyId, ...filter }, page())
  return trail.map(({ action }) => action).reverse()
}

/** Changes a value in every place that lets itself be changed. */
export function tamper(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  for (const [name, part] of Object.entries(value)) {
    tamper(part)
    Reflect.set(value, name, 'tampered')
  }
  Reflect.set(value, Array.isArray(value) ? value.length : 'tampered', 'tampered')
}

/** Runs the same call many times at once. */
export function atOnce<T>(times: number, call: (index: number) => T | Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, async (_, index) => call(index)))
}
