import type { ScopesWithin } from './scopes.ts'

/**
 * `active` · `suspended` (until reactivated) · `revoked` (for good) · `purged` (revoked and retired from view) ·
 * `expired` (derived from time: no job has to run for it to be true).
 */
export const KEY_STATES = ['active', 'suspended', 'revoked', 'purged', 'expired'] as const
export type KeyState = (typeof KEY_STATES)[number]

/** What a store keeps: expiry is a matter of time, not of storage. */
export type StoredKeyState = Exclude<KeyState, 'expired'>

/** Whether a person or a machine holds the key. */
export const KEY_KINDS = ['user', 'service'] as const
export type KeyKind = (typeof KEY_KINDS)[number]

export type Metadata = Readonly<Record<string, unknown>>

/**
 * A key as a store keeps it: times in milliseconds since the epoch, deeply frozen, so that a record can be
 * shared and cached. `version` rises with every change but `lastUsedAt`; changes are conditional on it.
 */
export interface KeyRecord {
  readonly id: string
  readonly tenantId: string
  readonly appId: string
  readonly identifier: string
  readonly format: string
  readonly prefix: string
  readonly environment: string
  readonly name: string
  readonly description: string
  readonly kind: KeyKind
  readonly ownerId: string | null
  readonly scopes: readonly string[]
  readonly policyId: string | null
  readonly metadata: Metadata
  readonly state: StoredKeyState
  readonly stateReason: string | null
  readonly stateChangedAt: number
  readonly hint: string
  readonly createdAt: number
  readonly createdBy: string | null
  readonly updatedAt: number
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly rotatedAt: number | null
  readonly version: number
}

/** A key as users see it: identity and rules, never a secret. A copy of its own: changing it changes nothing. */
export interface Key<Scope extends string = string> {
  /** TypeID, `akey_…`. */
  readonly id: string
  readonly tenantId: string
  readonly appId: string
  /** The public part of the raw key: safe to log, unique, unchanged by rotation. */
  readonly identifier: string
  readonly format: string
  readonly prefix: string
  readonly environment: string
  readonly name: string
  readonly description: string
  readonly kind: KeyKind
  readonly ownerId: string | null
  readonly scopes: readonly ScopesWithin<Scope>[]
  readonly policyId: string | null
  readonly metadata: Metadata
  /** As of the moment of the call: `expired` is derived from `expiresAt`. */
  readonly state: KeyState
  /** What was given with the last change of state. */
  readonly stateReason: string | null
  readonly stateChangedAt: Date
  /** The last four characters of the newest raw key. */
  readonly hint: string
  readonly createdAt: Date
  /** The id of the actor who created it, if there was one. */
  readonly createdBy: string | null
  readonly updatedAt: Date
  /** The first moment at which the key no longer verifies; null: never expires. */
  readonly expiresAt: Date | null
  /** Some seconds late: uses are gathered and written in batches. Null since creation or rotation if unused. */
  readonly lastUsedAt: Date | null
  readonly rotatedAt: Date | null
  /** Rises with every change but use. */
  readonly version: number
}

/** Whether a key is past its expiry: from the very millisecond of `expiresAt` on. */
export function isExpired(record: { readonly expiresAt: number | null }, now: number): boolean {
  return record.expiresAt !== null && record.expiresAt <= now
}

/** The state to show: an active key past its expiry is `expired`. */
export function stateAt(record: KeyRecord, now: number): KeyState {
  return record.state === 'active' && isExpired(record, now) ? 'expired' : record.state
}

const dateOrNull = (time: number | null) => (time === null ? null : new Date(time))

/** The key as users see it at a moment. */
export function toKey(record: KeyRecord, now: number): Key {
  return {
    id: record.id,
    tenantId: record.tenantId,
    appId: record.appId,
    identifier: record.identifier,
    format: record.format,
    prefix: record.prefix,
    environment: record.environment,
    name: record.name,
    description: record.description,
    kind: record.kind,
    ownerId: record.ownerId,
    scopes: record.scopes,
    policyId: record.policyId,
    metadata: record.metadata,
    state: stateAt(record, now),
    stateReason: record.stateReason,
    stateChangedAt: new Date(record.stateChangedAt),
    hint: record.hint,
    createdAt: new Date(record.createdAt),
    createdBy: record.createdBy,
    updatedAt: new Date(record.updatedAt),
    expiresAt: dateOrNull(record.expiresAt),
    lastUsedAt: dateOrNull(record.lastUsedAt),
    rotatedAt: dateOrNull(record.rotatedAt),
    version: record.version,
  }
}
