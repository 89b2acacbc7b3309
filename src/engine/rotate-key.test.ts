import { describe, expect, it } from 'vitest'
import { fault, faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'

describe.each(STORES)('rotating a key (%s)', (_, store) => {
  it('gives a new raw key of the same identifier, and a record of it', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    subject.pass(HOUR)
    const actor = { type: 'user', id: 'ada' }
    const rotated = await subject.keysmith.keys.rotate(
      key.id,
      { reason: 'scheduled', gracePeriod: '1h' },
      { actor },
    )
    const now = new Date(subject.now())
    expect(rotated.rawKey).not.toBe(rawKey)
    expect(rotated.rawKey.startsWith(`${key.identifier}_`)).toBe(true)
    expect(rotated.key).toEqual({
      ...key,
      hint: rotated.rawKey.slice(-4),
      rotatedAt: now,
      updatedAt: now,
      version: 2,
    })
    expect(await subject.keysmith.keys.get(key.id)).toEqual(rotated.key)
    expect(rotated.rotation).toEqual({
      id: expect.stringMatching(/^arot_/),
      keyId: key.id,
      tenantId: 'default',
      appId: 'default',
      reason: 'scheduled',
      graceEndsAt: new Date(subject.now() + HOUR),
      actorId: 'ada',
      createdAt: now,
    })
    expect((await subject.keysmith.rotations.list({ keyId: key.id })).items).toEqual([rotated.rotation])
    expect((await subject.keysmith.rotations.list({ keyId: key.identifier })).items).toEqual([
      rotated.rotation,
    ])
  })

  it.each([
    { gracePeriod: '-1h' },
    { gracePeriod: '' },
    { gracePeriod: '1y2' },
    { reason: 'boredom' },
    { grace: '1h' },
  ])('refuses %j', async (input) => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    expect(await faultCode(subject.keysmith.keys.rotate(key.id, input as object))).toBe('invalid_request')
    expect((await subject.keysmith.keys.get(key.id)).version).toBe(1)
  })

  it('hands no raw key with more scopes than the caller has', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject, { scopes: ['admin'] })
    const rotating = subject.keysmith.keys.rotate(key.id, {}, { scopes: ['read', '*:x'] })
    expect(await faultCode(rotating)).toBe('forbidden')
    await subject.keysmith.keys.rotate(key.id, {}, { scopes: ['admin'] })
  })

  it('many times at once happens one after the other, and none is lost', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    await subject.keysmith.ready()
    const rotated = await Promise.all(Array.from({ length: 4 }, () => subject.keysmith.keys.rotate(key.id)))
    const codes = [rawKey, ...rotated.map((rotation) => rotation.rawKey)].map(
      async (raw) => (await subject.keysmith.keys.verify(raw)).code,
    )
    expect(await Promise.all(codes)).toEqual(['valid', 'valid', 'valid', 'valid', 'valid'])
    expect((await subject.keysmith.keys.get(key.id)).version).toBe(5)
    expect((await subject.keysmith.rotations.list({ keyId: key.id })).items).toHaveLength(4)
  })

  it('of a key that is not there says so', async () => {
    const { keysmith } = start({ store: store() })
    const error = await fault(keysmith.keys.rotate('sk_live_abcdefghijkl'))
    expect(error.code).toBe('key_not_found')
  })

  it('a clean-up takes old raw keys only when they ended 30 days ago, and never the new one', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    const { rawKey: newer } = await subject.keysmith.keys.rotate(key.id, { gracePeriod: '1h' })
    const code = async (raw: string) => (await subject.keysmith.keys.verify(raw)).code
    subject.pass(HOUR + 30 * 24 * HOUR)
    expect(await subject.keysmith.maintain()).toEqual({ credentials: 0, claims: 0 })
    expect(await code(rawKey)).toBe('rotated')
    subject.pass(1)
    expect(await subject.keysmith.maintain()).toEqual({ credentials: 1, claims: 0 })
    expect(await code(rawKey)).toBe('invalid')
    expect(await code(newer)).toBe('valid')
  })
})
