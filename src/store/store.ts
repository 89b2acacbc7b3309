import type { AuditRecord } from '../core/audit.ts'
import type { CredentialRecord } from '../core/credential.ts'
import type { KeyRecord, KeyState, StoredKeyState } from '../core/key.ts'
import type { MaybePromise } from '../core/maybe-promise.ts'
import type { PageQuery } from '../core/page.ts'
import type { Realm } from '../core/realm.ts'
import type { RotationRecord } from '../core/rotation.ts'

/**
 * Where keys are kept: the port that every store implements, and that the contract suite (`keysmith/testing`)
 * checks.
 *
 * Rules for all methods:
 * - Each is atomic: all of it happened, or nothing. What it is acknowledged to have written survives a crash,
 *   if the store keeps anything at all.
 * - A realm is a wall: records outside of it are as good as absent.
 * - A change names the record that it was decided on. If that has moved on to another version, nothing is written and the
 *   answer says so; the engine reads again and decides anew. So no change is lost, in any race.
 * - Records that come out are frozen, or copies.
 * - A store that can't answer throws `UnavailableError`; it never answers "absent" for "don't know".
 */
export interface Store {
  /** For messages: `memory`, `sqlite`. */
  readonly name: string
  /** Makes it ready: connects, and migrates where it does that by itself. Called before anything else, and again if it failed. */
  open(): MaybePromise<void>
  /** Ends connections. Called once, after everything else. */
  close(): MaybePromise<void>
  /** Resolves when the store answers. @throws {UnavailableError} */
  ping(): MaybePromise<void>
  /** What is wrong with it: migrations that are missing, columns that are not as expected. Empty when all is well. */
  findings(): MaybePromise<StoreFinding[]>

  /**
   * The verify path: a key and its credentials with this lookup value, the newest first. Sees each change that
   * any process was told is done.
   */
  find(lookup: string): MaybePromise<KeyMatch | undefined>
  /**
   * A number that is another one after each change by anyone, cheaper to get than a key. What was found may be used
   * again while it stays the same. Missing, where a store can't tell.
   */
  changeStamp?(): number

  /**
   * Writes a new key with its credential and audit event, and remembers the idempotency claim if there is one.
   * Of concurrent calls with one claim, one creates; the others are told of it.
   */
  createKey(creation: KeyCreation): MaybePromise<CreationOutcome>
  /** What a claim has made already; undefined when it has made nothing, or has expired. */
  findClaim(claim: IdempotencyClaim): MaybePromise<ClaimedCreation | undefined>
  getKey(realm: Realm, reference: KeyReference): MaybePromise<KeyRecord | undefined>
  /** The credentials of a key, the newest first. */
  listCredentials(keyId: string): MaybePromise<CredentialRecord[]>
  /** Keys of a realm by creation, the newest first. */
  listKeys(realm: Realm, filter: KeyQuery, page: PageQuery): MaybePromise<KeyRecord[]>
  countKeys(realm: Realm, filter: KeyQuery): MaybePromise<number>
  /** Changes fields of a key, if it has not changed since. Undefined when it has. */
  editKey(edit: KeyEdit): MaybePromise<KeyRecord | undefined>
  /** Changes the state of a key, if it has not changed since. Undefined when it has. */
  transition(transition: KeyTransition): MaybePromise<KeyRecord | undefined>
  /**
   * Adds a credential, drops those named, ends all others by `endsAt` at the latest, clears `lastUsedAt` and keeps the
   * rotation record, if the key has not changed since. Undefined when it has.
   */
  rotateCredential(rotation: CredentialRotation): MaybePromise<KeyRecord | undefined>
  /** Replaces the hash of a credential, if it is still the one that was proved. */
  rehashCredential(id: string, from: string, to: { hash: string; scheme: string }): MaybePromise<void>
  /** Takes a key and its credentials away, if it has not changed since. Its audit trail and rotations stay. */
  deleteKey(deletion: KeyDeletion): MaybePromise<boolean>
  /** Writes last uses; a use older than the stored one, or than the last rotation, changes nothing. */
  markUsed(uses: readonly KeyUse[]): MaybePromise<void>
  /** Schemes of all stored hashes. */
  hashSchemes(): MaybePromise<string[]>

  createScope(scope: ScopeRecord, audit: AuditRecord): MaybePromise<'created' | 'exists'>
  listScopes(realm: Realm, page: PageQuery): MaybePromise<ScopeRecord[]>
  getScope(realm: Realm, name: string): MaybePromise<ScopeRecord | undefined>
  updateScope(scope: ScopeRecord, audit: AuditRecord): MaybePromise<boolean>
  /** Takes a scope away unless a key holds it. */
  deleteScope(scope: ScopeRecord, audit: AuditRecord): MaybePromise<'deleted' | 'absent' | 'in_use'>

  listRotations(realm: Realm, filter: RecordQuery, page: PageQuery): MaybePromise<RotationRecord[]>

  appendAudit(event: AuditRecord): MaybePromise<void>
  listAudit(realm: Realm, filter: AuditQuery, page: PageQuery): MaybePromise<AuditRecord[]>

  /** Takes away credentials that ended, and idempotency claims made, before a time. Says how many. */
  sweep(before: {
    credentials: number
    claims: number
  }): MaybePromise<{ credentials: number; claims: number }>
}

export interface StoreFinding {
  readonly id: string
  readonly cause: string
  readonly fix: string
}

export interface KeyMatch {
  readonly key: KeyRecord
  readonly credentials: readonly CredentialRecord[]
}

/** A key by its id or by its identifier. */
export type KeyReference = { readonly id: string } | { readonly identifier: string }

export interface KeyCreation {
  readonly key: KeyRecord
  readonly credential: CredentialRecord
  readonly audit: AuditRecord
  readonly claim?: IdempotencyClaim | undefined
}

/** That a caller means one creation by all requests with this token. */
export interface IdempotencyClaim {
  /** Who claims: claims of different callers have nothing to do with each other. */
  readonly claimant: string
  readonly token: string
  /** Digest of the request: the same token with another request is a mistake. */
  readonly fingerprint: string
  readonly createdAt: number
  /** A stored claim made before this time counts for nothing. */
  readonly expiredBefore: number
}

export type CreationOutcome =
  | { readonly outcome: 'created' }
  | { readonly outcome: 'identifier_taken' }
  | ClaimedCreation

export interface ClaimedCreation {
  readonly outcome: 'claimed'
  readonly fingerprint: string
  readonly keyId: string
}

/** Which keys; `now` tells active ones from expired ones. */
export interface KeyQuery {
  readonly state?: KeyState | undefined
  readonly environment?: string | undefined
  readonly policyId?: string | undefined
  readonly ownerId?: string | undefined
  readonly identifier?: string | undefined
  /** Part of the name or of the identifier, in any case (of ASCII letters). */
  readonly q?: string | undefined
  readonly now: number
}

interface Change {
  /** The record that the change was decided on; the key must still be at its version. */
  readonly key: KeyRecord
  readonly at: number
  readonly audit: AuditRecord
}

export type EditableFields = Pick<
  KeyRecord,
  'name' | 'description' | 'ownerId' | 'scopes' | 'policyId' | 'metadata' | 'expiresAt'
>

export interface KeyEdit extends Change {
  readonly changes: Partial<EditableFields>
}

export interface KeyTransition extends Change {
  readonly to: StoredKeyState
  readonly reason: string | null
}

export interface CredentialRotation extends Change {
  readonly credential: CredentialRecord
  readonly rotation: RotationRecord
  /** When all other credentials of the key end at the latest. */
  readonly endsAt: number
  /** Ids of credentials of the key to take away. */
  readonly drop: readonly string[]
}

export type KeyDeletion = Change

export interface KeyUse {
  readonly keyId: string
  readonly at: number
}

export interface ScopeRecord {
  readonly id: string
  readonly tenantId: string
  readonly appId: string
  readonly name: string
  readonly description: string
  readonly createdAt: number
}

/** Which records: of a key, from a time (inclusive) to a time (exclusive). */
export interface RecordQuery {
  readonly keyId?: string | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export interface AuditQuery extends RecordQuery {
  readonly action?: string | undefined
  readonly actorId?: string | undefined
}
