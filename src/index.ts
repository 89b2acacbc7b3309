export type { Actor, AuditAction, AuditEvent, Caller, RequestInfo } from './core/audit.ts'
export type { Clock } from './core/clock.ts'
export type { Duration } from './core/durations.ts'
export {
  type DenialCode,
  DeniedKeyError,
  type ErrorCode,
  ExpiredKeyError,
  type FaultCode,
  type InputIssue,
  InsufficientScopeError,
  InvalidKeyError,
  isKeysmithError,
  KeysmithError,
  RevokedKeyError,
  RotatedKeyError,
  SuspendedKeyError,
  UnavailableError,
} from './core/errors.ts'
export type { Key, KeyKind, KeyState, Metadata } from './core/key.ts'
export type {
  CreateKeyInput,
  GenerateInput,
  ImportKeyInput,
  KeyFilter,
  ListKeysInput,
  RotateKeyInput,
  StateChangeInput,
  UpdateKeyInput,
} from './core/key-input.ts'
export type { Logger } from './core/logger.ts'
export type { MaybePromise } from './core/maybe-promise.ts'
export type { Page } from './core/page.ts'
export type {
  CreateScopeInput,
  ListAuditInput,
  ListRotationsInput,
  ListScopesInput,
  RecordAuditInput,
  UpdateScopeInput,
} from './core/record-input.ts'
export type { Rotation, RotationReason } from './core/rotation.ts'
export type { Scope, ScopeRequirement, ScopesWithin } from './core/scopes.ts'
export type { DeniedResult, ValidResult, VerifyRequest, VerifyResult } from './core/verification.ts'
export { type CreateKeysmithOptions, createKeysmith } from './create-keysmith.ts'
export type { CreatedKey, CreateOptions, IssuedKey } from './engine/create-key.ts'
export type { EventName, KeysmithEvents, Listener } from './engine/events.ts'
export type { GeneratedKey } from './engine/generate-key.ts'
export type { Finding, Health } from './engine/health.ts'
export type { Maintenance } from './engine/maintain.ts'
export type { ScopeReference } from './engine/manage-scopes.ts'
export type { KeysmithOptions } from './engine/options.ts'
export type { RotatedKey } from './engine/rotate-key.ts'
export type { Keys, Keysmith, Scopes, WalledKeysmith } from './engine/surface.ts'
export { memory } from './store/memory/memory-store.ts'
export type { Store } from './store/store.ts'
export type { Hasher } from './token/hasher.ts'
export { hmacSha256, type Pepper } from './token/hmac-sha256.ts'
export { type ScanningOptions, secretScanningPattern } from './token/scanning.ts'
export { sha256 } from './token/sha256.ts'
