import { describe, expect, it } from 'vitest'
import { DAY, fault, faultCode, HOUR, issue, STORES, start, type UnderTest } from '../keysmith-under-test.ts'

const codes = (subject: UnderTest, rawKeys: string[]) =>
  Promise.all(rawKeys.map(async (rawKey) => (await subject.keysmith.keys.verify(rawKey)).code))

describe.each(STORES)('Rotation overlaps. (%s)', (_, store) => {
  it('old and new both verify until the very millisecond at which the grace ends', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    const rotated = await subject.keysmith.keys.rotate(key.id, { gracePeriod: '1h' })
    expect(rotated.key.identifier).toBe(key.identifier)
    expect(rotated.rotation.graceEndsAt.getTime()).toBe(subject.now() + HOUR)
    expect(await codes(subject, [rawKey, rotated.rawKey])).toEqual(['valid', 'valid'])
    subject.pass(HOUR - 1)
    expect(await codes(subject, [rawKey, rotated.rawKey])).toEqual(['valid', 'valid'])
    subject.pass(1)
    expect(await codes(subject, [rawKey, rotated.rawKey])).toEqual(['rotated', 'valid'])
    subject.pass(1000 * DAY)
    expect(await codes(subject, [rawKey, rotated.rawKey])).toEqual(['rotated', 'valid'])
  })

  it('the grace is 24 hours, unless it is configured', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    const { rotation } = await subject.keysmith.keys.rotate(key.id)
    expect(rotation.graceEndsAt.getTime()).toBe(subject.now() + DAY)
    const other = start({ store: store(), gracePeriod: '10m' })
    const { rotation: configured } = await other.keysmith.keys.rotate((await issue(other)).key.id)
    expect(configured.graceEndsAt.getTime()).toBe(other.now() + HOUR / 6)
  })

  it('the grace never outlives the key', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject, { expiresIn: '1h' })
    const { rotation, rawKey: newer } = await subject.keysmith.keys.rotate(key.id, { gracePeriod: '30d' })
    expect(rotation.graceEndsAt).toEqual(key.expiresAt)
    subject.pass(HOUR)
    expect(await codes(subject, [rawKey, newer])).toEqual(['expired', 'expired'])
    await subject.keysmith.keys.update(key.id, { expiresAt: null })
    expect(await codes(subject, [rawKey, newer])).toEqual(['rotated', 'valid'])
  })

  it('a compromised raw key ends at once, and those before it', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    const second = await subject.keysmith.keys.rotate(key.id, { gracePeriod: '30d' })
    const third = await subject.keysmith.keys.rotate(key.id, { reason: 'compromise', gracePeriod: '30d' })
    expect(third.rotation.graceEndsAt.getTime()).toBe(subject.now())
    expect(await codes(subject, [rawKey, second.rawKey, third.rawKey])).toEqual([
      'rotated',
      'rotated',
      'valid',
    ])
  })

  it('a later rotation never prolongs an earlier grace', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    const second = await subject.keysmith.keys.rotate(key.id, { gracePeriod: '1h' })
    const third = await subject.keysmith.keys.rotate(key.id, { gracePeriod: '3h' })
    subject.pass(HOUR)
    expect(await codes(subject, [rawKey, second.rawKey, third.rawKey])).toEqual(['rotated', 'valid', 'valid'])
  })

  it('a suspended, revoked, purged or expired key can not be rotated', async () => {
    const subject = start({ store: store() })
    const { keys } = subject.keysmith
    for (const change of ['suspend', 'revoke', 'purge'] as const) {
      const { key } = await issue(subject)
      await keys[change](key.id)
      expect(await faultCode(keys.rotate(key.id))).toBe('invalid_transition')
      expect(await faultCode(keys.rotate(key.id, { reason: 'compromise' }))).toBe('invalid_transition')
    }
    const { key } = await issue(subject, { expiresIn: '1h' })
    subject.pass(HOUR)
    expect(await faultCode(keys.rotate(key.id))).toBe('invalid_transition')
    expect((await subject.keysmith.rotations.list()).items).toEqual([])
  })

  it('a key has 5 raw keys that verify at the most, and the error says when one ends', async () => {
    const subject = start({ store: store() })
    const { keys } = subject.keysmith
    const { key, rawKey } = await issue(subject)
    const rawKeys = [rawKey]
    for (let live = 2; live <= 5; live++) {
      rawKeys.push((await keys.rotate(key.id, { gracePeriod: '1h' })).rawKey)
    }
    expect(await codes(subject, rawKeys)).toEqual(['valid', 'valid', 'valid', 'valid', 'valid'])
    const error = await fault(keys.rotate(key.id))
    expect(error.code).toBe('too_many_credentials')
    expect(error.message).toContain(new Date(subject.now() + HOUR).toISOString())
    subject.pass(HOUR)
    rawKeys.push((await keys.rotate(key.id)).rawKey)
    expect(await codes(subject, rawKeys.slice(-2))).toEqual(['valid', 'valid'])
  })

  it('a rotation without grace is always possible', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    for (let live = 2; live <= 5; live++) await subject.keysmith.keys.rotate(key.id)
    const { rawKey } = await subject.keysmith.keys.rotate(key.id, { gracePeriod: '0s' })
    expect(await codes(subject, [rawKey])).toEqual(['valid'])
    await subject.keysmith.keys.rotate(key.id, { reason: 'compromise' })
    expect(await codes(subject, [rawKey])).toEqual(['rotated'])
  })
})
