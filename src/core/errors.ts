/** Why a raw key was refused: the codes of `verify`, other than `valid`. */
export type DenialCode = 'invalid' | 'expired' | 'revoked' | 'suspended' | 'rotated' | 'insufficient_scope'

/** Why a call failed. Each code is in `docs/reference/errors.md`. */
export type FaultCode =
  | 'invalid_request'
  | 'scope_not_available'
  | 'forbidden'
  | 'key_not_found'
  | 'policy_not_found'
  | 'scope_not_found'
  | 'scope_exists'
  | 'scope_in_use'
  | 'invalid_transition'
  | 'too_many_credentials'
  | 'identifier_taken'
  | 'conflict'
  | 'idempotency_in_progress'
  | 'idempotency_mismatch'
  | 'unavailable'
  | 'invalid_configuration'
  | 'pepper_missing'
  | 'schema_outdated'
  | 'driver_missing'
  | 'closed'

export type ErrorCode = DenialCode | FaultCode

/** One thing that is wrong with an input: where, and what to do. */
export interface InputIssue {
  /** The field, dotted: `metadata.team`. Empty for the input as a whole. */
  readonly path: string
  readonly message: string
}

export interface ErrorDetails {
  readonly cause?: unknown
  readonly issues?: readonly InputIssue[]
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number
}

/** The base of every error that Keysmith throws. The message says what to do and never holds a secret. */
export class KeysmithError extends Error {
  readonly code: ErrorCode
  readonly issues: readonly InputIssue[]
  /** Seconds after which another try makes sense. */
  readonly retryAfter: number | undefined

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    this.name = new.target.name
    this.code = code
    this.issues = details.issues ?? []
    this.retryAfter = details.retryAfter
  }
}

/** The database did not answer, or not in time. Nothing is known about the key: answer 503, never 401. */
export class UnavailableError extends KeysmithError {
  constructor(message: string, details: ErrorDetails = {}) {
    super('unavailable', message, { retryAfter: 1, ...details })
  }
}

/** The base of what `authenticate` throws for a raw key that is refused. */
export class DeniedKeyError extends KeysmithError {
  declare readonly code: DenialCode
}

export class InvalidKeyError extends DeniedKeyError {}
export class ExpiredKeyError extends DeniedKeyError {}
export class RevokedKeyError extends DeniedKeyError {}
export class SuspendedKeyError extends DeniedKeyError {}
export class RotatedKeyError extends DeniedKeyError {}
export class InsufficientScopeError extends DeniedKeyError {}

const DENIALS: Record<DenialCode, [new (code: DenialCode, message: string) => DeniedKeyError, string]> = {
  invalid: [InvalidKeyError, 'The API key is not valid. Check that it was copied whole, or issue a new one.'],
  expired: [ExpiredKeyError, 'The API key has expired. Extend its expiry, or issue a new one.'],
  revoked: [RevokedKeyError, 'The API key was revoked. Issue a new one.'],
  suspended: [SuspendedKeyError, 'The API key is suspended. Ask its owner to reactivate it.'],
  rotated: [RotatedKeyError, 'The API key was rotated and its grace period is over. Use the new raw key.'],
  insufficient_scope: [InsufficientScopeError, 'The API key lacks a scope that this request needs.'],
}

export const DENIAL_CODES = Object.keys(DENIALS) as DenialCode[]

/** The typed error of a denial. */
export function denialError(code: DenialCode): DeniedKeyError {
  const [DenialError, message] = DENIALS[code]
  return new DenialError(code, message)
}

/** Whether a thrown value is an error of Keysmith's with this code. */
export function isKeysmithError(error: unknown, code?: ErrorCode): error is KeysmithError {
  return error instanceof KeysmithError && (code === undefined || error.code === code)
}
