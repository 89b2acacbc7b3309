import { type CredentialRecord, hasEnded, MAX_KEPT_CREDENTIALS, MAX_LIVE_CREDENTIALS } from './credential.ts'
import { KeysmithError } from './errors.ts'
import { isExpired, type KeyRecord } from './key.ts'
import { assertNotEnded, invalidTransition } from './transitions.ts'

export const ROTATION_REASONS = ['scheduled', 'manual', 'compromise', 'policy', 'expiring'] as const
export type RotationReason = (typeof ROTATION_REASONS)[number]

export interface RotationRecord {
  readonly id: string
  readonly keyId: string
  readonly tenantId: string
  readonly appId: string
  readonly reason: RotationReason
  readonly oldCredentialId: string
  readonly newCredentialId: string
  readonly graceEndsAt: number
  readonly actorId: string | null
  readonly createdAt: number
}

/** That a key got a new raw key: why, who did it, and until when the old one verifies. */
export interface Rotation {
  readonly id: string
  readonly keyId: string
  readonly tenantId: string
  readonly appId: string
  readonly reason: RotationReason
  /** The first moment at which the old raw key no longer verifies. */
  readonly graceEndsAt: Date
  readonly actorId: string | null
  readonly createdAt: Date
}

export function toRotation(record: RotationRecord): Rotation {
  const { oldCredentialId: _old, newCredentialId: _new, ...rotation } = record
  return { ...rotation, graceEndsAt: new Date(record.graceEndsAt), createdAt: new Date(record.createdAt) }
}

// A raw key that leaked must not come back when a clock steps back, or on a machine whose clock is behind.
const CLOCK_MARGIN_MS = 86_400_000

export interface RotationDecision {
  readonly graceEndsAt: number
  /** When the credentials that are replaced end. */
  readonly endsAt: number
  /** Ids of credentials that ended long ago, so that a key does not gather them without end. */
  readonly drop: readonly string[]
}

/**
 * Decides when the credentials that a rotation replaces end: after the grace, and never after the key itself.
 * Reason `compromise` means at once.
 *
 * @param credentials of the key, the newest first
 * @param grace in milliseconds
 * @throws {KeysmithError} `invalid_transition` when the key is not active; `too_many_credentials` when
 *   {@link MAX_LIVE_CREDENTIALS} would be exceeded
 */
export function decideRotation(
  key: KeyRecord,
  credentials: readonly CredentialRecord[],
  reason: RotationReason,
  grace: number,
  now: number,
): RotationDecision {
  assertNotEnded(key, 'rotated')
  if (key.state === 'suspended')
    throw invalidTransition(`A suspended key can't be rotated. Reactivate it first.`)
  if (isExpired(key, now))
    throw invalidTransition(`An expired key can't be rotated. Extend its expiry first.`)
  const wanted = reason === 'compromise' ? now : now + grace
  const graceEndsAt = Math.min(wanted, key.expiresAt ?? wanted)
  const live = credentials.filter((credential) => !hasEnded(credential, now))
  if (graceEndsAt > now && live.length >= MAX_LIVE_CREDENTIALS) {
    const ends = live.flatMap((credential) => credential.endsAt ?? [])
    throw new KeysmithError(
      'too_many_credentials',
      `The key has ${live.length} raw keys that verify. Rotate with a grace of 0s, or wait until the next one ends at ${new Date(Math.min(...ends)).toISOString()}.`,
    )
  }
  // A rotation never prolongs a grace, so the oldest have ended first.
  return {
    graceEndsAt,
    endsAt: reason === 'compromise' ? now - CLOCK_MARGIN_MS : graceEndsAt,
    drop: credentials.slice(MAX_KEPT_CREDENTIALS - 1).map(({ id }) => id),
  }
}
