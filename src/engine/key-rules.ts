import type { Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import { coversAll, holdsManagementScope, MAX_SCOPES } from '../core/scopes.ts'
import type { Rules } from './engine.ts'

// The last millisecond that ISO 8601 writes with four digits of year.
const LAST_INSTANT = Date.UTC(10_000, 0) - 1

/** @throws {KeysmithError} `invalid_request` for an expiry that is not in the future */
export function assertFutureExpiry(expiresAt: number, now: number): void {
  if (expiresAt > now && expiresAt <= LAST_INSTANT) return
  throw new KeysmithError('invalid_request', 'expiresAt: give a time in the future, before the year 10000.')
}

/**
 * @throws {KeysmithError} `policy_not_found`: a policy that can't be read is never skipped
 */
export function assertPolicy(policyId: string | null | undefined): void {
  if (policyId) throw new KeysmithError('policy_not_found', 'There is no such policy.')
}

/**
 * Available scopes are those of the customers' keys: a management key can hold any, so that it can give those that
 * become available later.
 *
 * @throws {KeysmithError} `scope_not_available`, or `forbidden` for scopes that the caller does not hold
 */
export function assertScopesAllowed(
  rules: Rules,
  held: readonly string[],
  added: readonly string[],
  caller: Caller,
): void {
  const { availableScopes } = rules
  const foreign =
    availableScopes && !holdsManagementScope([...held, ...added])
      ? added.filter((scope) => !coversAll(availableScopes, [scope]))
      : []
  if (foreign.length > 0) {
    throw new KeysmithError(
      'scope_not_available',
      `scopes: ${foreign.join(', ')} can't be given here. Available: ${availableScopes?.join(', ')}.`,
    )
  }
  assertWithinCaller(added, caller)
}

/**
 * Refuses to hand out more than the caller has: by making a key, widening one, or getting its new raw key.
 *
 * @throws {KeysmithError} `forbidden`
 */
export function assertWithinCaller(scopes: readonly string[], caller: Caller): void {
  const held = caller.scopes
  const beyond = held === undefined ? [] : scopes.filter((scope) => !coversAll(held ?? [], [scope]))
  if (beyond.length > 0) {
    throw new KeysmithError(
      'forbidden',
      `The caller does not hold these scopes, so it can't give them: ${beyond.join(', ')}.`,
    )
  }
}

/** @throws {KeysmithError} `invalid_request` for more than 100 */
export function uniqueScopes(scopes: readonly string[]): readonly string[] {
  const unique = [...new Set(scopes)]
  if (unique.length > MAX_SCOPES)
    throw new KeysmithError('invalid_request', `scopes: give a key ${MAX_SCOPES} scopes at most.`)
  return Object.freeze(unique)
}
