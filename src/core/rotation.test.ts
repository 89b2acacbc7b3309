import { describe, expect, it } from 'vitest'
import { aCredential, aKey, HOUR, NOW } from '../testing/contract-records.ts'
import type { CredentialRecord } from './credential.ts'
import type { KeyRecord } from './key.ts'
import { decideRotation, type RotationReason } from './rotation.ts'

interface Situation {
  key?: Partial<KeyRecord>
  /** Ends of the credentials, the newest first. */
  ends?: (number | null)[]
  reason?: RotationReason
  grace?: number
}

function graceEnd({ key: fields = {}, ends = [null], reason = 'manual', grace = HOUR }: Situation): number {
  const key = aKey(fields)
  const credentials: CredentialRecord[] = ends.map((endsAt) => aCredential(key, { endsAt }))
  return decideRotation(key, credentials, reason, grace, NOW).graceEndsAt
}

describe('the grace of a rotation', () => {
  it('ends after as long as was asked for', () => {
    expect(graceEnd({})).toBe(NOW + HOUR)
    expect(graceEnd({ grace: 0 })).toBe(NOW)
  })

  it('ends with the key at the latest', () => {
    expect(graceEnd({ key: { expiresAt: NOW + 1 } })).toBe(NOW + 1)
    expect(graceEnd({ key: { expiresAt: NOW + 2 * HOUR } })).toBe(NOW + HOUR)
  })

  it('is none when the raw key was compromised', () => {
    expect(graceEnd({ reason: 'compromise' })).toBe(NOW)
  })
})

describe('a rotation', () => {
  it.each(['suspended', 'revoked', 'purged'] as const)('of a %s key is refused', (state) => {
    expect(() => graceEnd({ key: { state } })).toThrow(/can't be rotated/)
  })

  it('of an expired key is refused, from the very millisecond on', () => {
    expect(() => graceEnd({ key: { expiresAt: NOW } })).toThrow(/expired/)
    expect(graceEnd({ key: { expiresAt: NOW + 1 }, grace: 0 })).toBe(NOW)
  })

  it('that would leave more than 5 raw keys that verify is refused, and says when one ends', () => {
    const later = NOW + HOUR
    const ends = [null, later + 3, later + 1, later, later + 2]
    expect(() => graceEnd({ ends })).toThrow(new Date(later).toISOString())
    expect(graceEnd({ ends, grace: 0 })).toBe(NOW)
    expect(graceEnd({ ends, reason: 'compromise' })).toBe(NOW)
    expect(graceEnd({ ends: [null, later, later, later] })).toBe(NOW + HOUR)
    expect(graceEnd({ ends: [null, later, later, later, NOW] })).toBe(NOW + HOUR)
  })
})
