import type { AuditRecord } from '../../core/audit.ts'
import type { CredentialRecord } from '../../core/credential.ts'
import type { KeyRecord } from '../../core/key.ts'
import type { RotationRecord } from '../../core/rotation.ts'
import type { IdempotencyClaim, ScopeRecord, Store } from '../store.ts'
import { keyMethods } from './memory-keys.ts'
import { recordMethods } from './memory-records.ts'

/** What a memory store holds. Records are frozen and replaced, never changed, so they can be handed out. */
export interface MemoryState {
  readonly keys: Map<string, KeyRecord>
  readonly keyIdByIdentifier: Map<string, string>
  /** Credentials of each key, the newest first. */
  readonly credentials: Map<string, readonly CredentialRecord[]>
  readonly keyIdByLookup: Map<string, string>
  readonly claims: Map<string, IdempotencyClaim & { readonly keyId: string }>
  readonly scopes: Map<string, ScopeRecord>
  readonly rotations: RotationRecord[]
  readonly audit: AuditRecord[]
}

/**
 * Keeps keys in this process's memory, until it ends: for tests, and to try things out.
 *
 * Every method runs to its end before another begins, so each is atomic.
 */
export function memory(): Store {
  const state: MemoryState = {
    keys: new Map(),
    keyIdByIdentifier: new Map(),
    credentials: new Map(),
    keyIdByLookup: new Map(),
    claims: new Map(),
    scopes: new Map(),
    rotations: [],
    audit: [],
  }
  return {
    name: 'memory',
    open: () => undefined,
    close: () => undefined,
    ping: () => undefined,
    findings: () => [],
    ...keyMethods(state),
    ...recordMethods(state),
  }
}
