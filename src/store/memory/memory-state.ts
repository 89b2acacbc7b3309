import type { AuditRecord } from '../../core/audit.ts'
import type { CredentialRecord } from '../../core/credential.ts'
import type { KeyRecord } from '../../core/key.ts'
import type { RotationRecord } from '../../core/rotation.ts'
import type { IdempotencyClaim, ScopeRecord } from '../store.ts'

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
