import type { AuditEvent, Caller } from '../core/audit.ts'
import type { Key } from '../core/key.ts'
import type {
  CreateKeyInput,
  GenerateInput,
  ImportKeyInput,
  KeyFilter,
  ListKeysInput,
  RotateKeyInput,
  StateChangeInput,
  UpdateKeyInput,
} from '../core/key-input.ts'
import type { Page } from '../core/page.ts'
import type {
  CreateScopeInput,
  ListAuditInput,
  ListRotationsInput,
  ListScopesInput,
  RecordAuditInput,
  UpdateScopeInput,
} from '../core/record-input.ts'
import type { Rotation } from '../core/rotation.ts'
import type { Scope as ScopeEntry, ScopesWithin } from '../core/scopes.ts'
import type { ValidResult, VerifyRequest, VerifyResult } from '../core/verification.ts'
import type { CreatedKey, CreateOptions, IssuedKey } from './create-key.ts'
import type { EventName, Listener } from './events.ts'
import type { GeneratedKey } from './generate-key.ts'
import type { Finding, Health } from './health.ts'
import type { Maintenance } from './maintain.ts'
import type { ScopeReference } from './manage-scopes.ts'
import type { RotatedKey } from './rotate-key.ts'

/**
 * What can be done with keys. Keys are named by id or identifier. Methods that change a key throw
 * `key_not_found`, `invalid_request` and `unavailable`, and what is named with them.
 *
 * Concurrent changes of one key are decided one after the other, each on what the one before it left; none is
 * lost, in one process or in several.
 */
export interface Keys<Scope extends string = string> {
  /**
   * Makes a key. Its raw key is in the answer, and nowhere else, ever.
   *
   * @throws {KeysmithError} `forbidden` for scopes beyond the caller's; `scope_not_available`; `policy_not_found`;
   *   `idempotency_mismatch`; `idempotency_in_progress`
   * @example const { key, rawKey } = await keysmith.keys.create({ name: 'billing', expiresIn: '90d' })
   */
  create(
    input: CreateKeyInput<Scope>,
    options?: Caller & { readonly idempotencyKey?: undefined },
  ): Promise<IssuedKey<Scope>>
  /** As above. With an idempotency key, a call that repeats an earlier one has no raw key in its answer. */
  create(input: CreateKeyInput<Scope>, options: CreateOptions): Promise<CreatedKey<Scope>>
  /**
   * Decides whether a raw key may be used for a request. A denial is data; only a fault throws.
   *
   * @throws {UnavailableError} when the store does not answer: nothing is known about the key
   * @example const result = await keysmith.keys.verify(rawKey, { scopes: ['read:users'] })
   */
  verify(rawKey: string, request?: VerifyRequest<Scope>): Promise<VerifyResult<Scope>>
  /** As {@link Keys.verify}, but a denial is thrown: `InvalidKeyError`, `ExpiredKeyError`, `RevokedKeyError`, … */
  authenticate(rawKey: string, request?: VerifyRequest<Scope>): Promise<ValidResult<Scope>>
  get(idOrIdentifier: string): Promise<Key<Scope>>
  getByIdentifier(identifier: string): Promise<Key<Scope>>
  /** The newest first, 50 a page unless `limit` (1 to 100) says otherwise. */
  list(input?: ListKeysInput): Promise<Page<Key<Scope>>>
  count(filter?: KeyFilter): Promise<number>
  /** Changes the fields that are given. @throws {KeysmithError} `invalid_transition` for a revoked or purged key */
  update(idOrIdentifier: string, input: UpdateKeyInput<Scope>, caller?: Caller): Promise<Key<Scope>>
  /**
   * Gives a key a new raw key; older ones verify until the grace ends, 24 hours later by default, and never
   * longer than the key. Reason `compromise` ends them at once.
   *
   * @throws {KeysmithError} `invalid_transition` for a key that is not active; `too_many_credentials` beyond 5
   */
  rotate(idOrIdentifier: string, input?: RotateKeyInput, caller?: Caller): Promise<RotatedKey<Scope>>
  /** Refuses the key for good. */
  revoke(idOrIdentifier: string, input?: StateChangeInput, caller?: Caller): Promise<Key<Scope>>
  /** Refuses the key for good and retires it; its records stay. */
  purge(idOrIdentifier: string, input?: StateChangeInput, caller?: Caller): Promise<Key<Scope>>
  /** Refuses the key until it is reactivated. @throws {KeysmithError} `invalid_transition` */
  suspend(idOrIdentifier: string, input?: StateChangeInput, caller?: Caller): Promise<Key<Scope>>
  /** Lets a suspended key verify again. @throws {KeysmithError} `invalid_transition` */
  reactivate(idOrIdentifier: string, input?: StateChangeInput, caller?: Caller): Promise<Key<Scope>>
  /** Takes the key itself away; its audit trail and rotations stay. */
  delete(idOrIdentifier: string, caller?: Caller): Promise<void>
  assignScopes(
    idOrIdentifier: string,
    scopes: readonly ScopesWithin<Scope>[],
    caller?: Caller,
  ): Promise<Key<Scope>>
  removeScopes(
    idOrIdentifier: string,
    scopes: readonly ScopesWithin<Scope>[],
    caller?: Caller,
  ): Promise<Key<Scope>>
  /** Sets the last use to now, for uses that Keysmith does not see. */
  markUsed(idOrIdentifier: string): Promise<void>
  /** Makes a raw key that no stored key has, and stores nothing. */
  generate(input?: GenerateInput): Promise<GeneratedKey>
  /** Takes in a key by its identifier and hash; its raw key is never seen. @throws {KeysmithError} `identifier_taken` */
  import(input: ImportKeyInput<Scope>, caller?: Caller): Promise<Key<Scope>>
}

/** The registry of scopes: what permission names mean, for the people who choose them. It grants nothing. */
export interface Scopes {
  /** @throws {KeysmithError} `scope_exists` */
  create(input: CreateScopeInput, caller?: Caller): Promise<ScopeEntry>
  /** @throws {KeysmithError} `scope_not_found` */
  get(scope: ScopeReference): Promise<ScopeEntry>
  list(input?: ListScopesInput): Promise<Page<ScopeEntry>>
  /** @throws {KeysmithError} `scope_not_found` */
  update(scope: ScopeReference, input: UpdateScopeInput, caller?: Caller): Promise<ScopeEntry>
  /** @throws {KeysmithError} `scope_not_found`; `scope_in_use` while a key holds it */
  delete(scope: ScopeReference, caller?: Caller): Promise<void>
}

/** Keysmith inside the walls of a tenant or app: what lies outside answers as if it did not exist. */
export interface WalledKeysmith<Scope extends string = string> {
  readonly keys: Keys<Scope>
  readonly scopes: Scopes
  readonly rotations: { list(input?: ListRotationsInput): Promise<Page<Rotation>> }
  readonly audit: {
    list(input?: ListAuditInput): Promise<Page<AuditEvent>>
    /** Adds an event of the application's own. */
    record(input: RecordAuditInput, caller?: Caller): Promise<AuditEvent>
  }
}

/** API keys for a service. Made by `createKeysmith`. */
export interface Keysmith<Scope extends string = string> extends WalledKeysmith<Scope> {
  /** The same engine, walled. @throws {KeysmithError} `invalid_request` when the tenant is missing or malformed */
  forTenant(realm: { readonly tenantId: string; readonly appId?: string | undefined }): WalledKeysmith<Scope>
  /** Calls a listener after each event, once the change is stored. Returns a function that stops it. */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void
  /**
   * Opens the store and checks that all stored hashes can be proved. Other calls do it by themselves; a server
   * calls it to refuse to start.
   *
   * @throws {KeysmithError} `schema_outdated`, `pepper_missing`, `driver_missing`, `unavailable`
   */
  ready(): Promise<void>
  /** Whether the store answers. Never throws. */
  health(): Promise<Health>
  /** What is wrong with the store or its hashes, and how to mend it. */
  diagnose(): Promise<Finding[]>
  /** Takes away what is no longer needed; nothing depends on it being run. */
  maintain(): Promise<Maintenance>
  /** Writes what waits to be written, then closes the store. Call it once, at the end. */
  close(): Promise<void>
}
