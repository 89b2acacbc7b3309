import { type CredentialRecord, hasEnded } from './credential.ts'
import type { DenialCode } from './errors.ts'
import { isExpired, type Key, type KeyRecord } from './key.ts'
import type { ScopeRequirement, ScopesWithin } from './scopes.ts'

/**
 * What a raw key is used for: what it needs, and where the request comes from and goes.
 *
 * `scopes` and `tenantId` decide. `ip`, `origin`, `method`, `path` and `cost` are checked in shape only, and looked
 * at by nothing until policies and limits exist.
 */
export interface VerifyRequest<Scope extends string = string> {
  /** Scopes that the key must hold. */
  readonly scopes?: ScopeRequirement<Scope> | undefined
  /** Address of the client, IPv4 or IPv6. Not looked at yet. */
  readonly ip?: string | undefined
  /** `Origin` header of the request, 2048 characters at most. Not looked at yet. */
  readonly origin?: string | undefined
  /** HTTP method of the request, 32 characters at most. Not looked at yet. */
  readonly method?: string | undefined
  /** Path of the request, 2048 characters at most. Not looked at yet. */
  readonly path?: string | undefined
  /** What this call would take from limits of the key, from 1 to 1,000,000. There are no limits yet. */
  readonly cost?: number | undefined
  /** The key must belong to this tenant; another tenant's key is `invalid`. */
  readonly tenantId?: string | undefined
}

export interface ValidResult<Scope extends string = string> {
  readonly valid: true
  readonly code: 'valid'
  readonly key: Key<Scope>
  readonly scopes: readonly ScopesWithin<Scope>[]
}

export interface DeniedResult<Scope extends string = string> {
  readonly valid: false
  readonly code: DenialCode
  /** The key, once its secret was proved; missing for `invalid`. */
  readonly key?: Key<Scope>
  /** Seconds after which the same call may pass. */
  readonly retryAfter?: number
}

/** The answer of `verify`. A denial is data; only a fault throws. */
export type VerifyResult<Scope extends string = string> = ValidResult<Scope> | DeniedResult<Scope>

/**
 * Whether a key whose secret was proved may be used at a moment: state, expiry, then the credential's grace.
 * Nothing of this is told before the proof.
 */
export function judge(key: KeyRecord, credential: CredentialRecord, now: number): DenialCode | undefined {
  if (key.state !== 'active') return key.state === 'suspended' ? 'suspended' : 'revoked'
  if (isExpired(key, now)) return 'expired'
  if (hasEnded(credential, now)) return 'rotated'
  return undefined
}
