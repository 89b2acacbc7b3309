import { afterAll, describe, expect, test } from 'vitest'
import { MAX_KEPT_CREDENTIALS } from '../../src/core/credential.ts'
import { newId } from '../../src/core/ids.ts'
import {
  DAY,
  expectProblem,
  fakeClock,
  HOUR,
  type PageBody,
  type RotatedBody,
  type RotationBody,
  SECOND,
  startServer,
} from './running-server.ts'

/** POST /v1/keys/{id}/rotate, GET /v1/rotations, GET /v1/keys/{id}/rotations */

const clock = fakeClock()
const server = await startServer({ clock })
afterAll(server.stop)

async function rotate(id: string, body?: object): Promise<RotatedBody> {
  const answer = await server.call<RotatedBody>('POST', `/v1/keys/${id}/rotate`, body && { body })
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const refused = (id: string, body?: object) => server.call('POST', `/v1/keys/${id}/rotate`, body && { body })
const codes = async (...rawKeys: string[]) =>
  Promise.all(rawKeys.map(async (rawKey) => (await server.verify(rawKey)).code))

describe('200', () => {
  test('gives a new raw key with the same identifier; the key stays the same', async () => {
    const { key, rawKey } = await server.create({ scopes: ['read'] })
    clock.advance(SECOND)
    const rotated = await rotate(key.id)
    const now = new Date(clock()).toISOString()
    expect(rotated.rawKey).not.toBe(rawKey)
    expect(rotated.rawKey.startsWith(`${key.identifier}_`)).toBe(true)
    const hint = rotated.rawKey.slice(-4)
    expect(rotated.key).toEqual({ ...key, hint, updatedAt: now, rotatedAt: now, version: 2 })
    expect(rotated.rotation).toEqual({
      id: expect.stringMatching(/^arot_/),
      keyId: key.id,
      tenantId: 'default',
      appId: 'default',
      reason: 'manual',
      graceEndsAt: new Date(clock() + DAY).toISOString(),
      actorId: 'root',
      createdAt: now,
    })
  })

  test('old and new both verify until the very end of the grace, then only the new one', async () => {
    const { key, rawKey } = await server.create()
    const rotated = await rotate(key.identifier, { gracePeriod: '1h', reason: 'scheduled' })
    expect(await codes(rawKey, rotated.rawKey)).toEqual(['valid', 'valid'])
    clock.advance(HOUR - 1)
    expect(await codes(rawKey, rotated.rawKey)).toEqual(['valid', 'valid'])
    clock.advance(1)
    expect(await codes(rawKey, rotated.rawKey)).toEqual(['rotated', 'valid'])
  })

  test('the grace is 24 hours when none is given', async () => {
    const { key, rawKey } = await server.create()
    const rotated = await rotate(key.id, {})
    clock.advance(DAY - 1)
    expect(await codes(rawKey, rotated.rawKey)).toEqual(['valid', 'valid'])
    clock.advance(1)
    expect(await codes(rawKey, rotated.rawKey)).toEqual(['rotated', 'valid'])
  })

  test('a grace of 0s ends the old one at once', async () => {
    const { key, rawKey } = await server.create()
    const rotated = await rotate(key.id, { gracePeriod: '0s' })
    expect(await codes(rawKey, rotated.rawKey)).toEqual(['rotated', 'valid'])
  })

  test('compromise ends all old ones at once, whatever grace is given', async () => {
    const { key, rawKey } = await server.create()
    const second = await rotate(key.id)
    const third = await rotate(key.id, { reason: 'compromise', gracePeriod: '24h' })
    expect(third.rotation.graceEndsAt).toBe(new Date(clock()).toISOString())
    expect(await codes(rawKey, second.rawKey, third.rawKey)).toEqual(['rotated', 'rotated', 'valid'])
  })

  test('the grace never outlives the key', async () => {
    const { key, rawKey } = await server.create({ expiresIn: '1h' })
    const rotated = await rotate(key.id, { gracePeriod: '24h' })
    expect(rotated.rotation.graceEndsAt).toBe(key.expiresAt)
    clock.advance(HOUR)
    expect(await codes(rawKey, rotated.rawKey)).toEqual(['expired', 'expired'])
  })

  test('a later rotation does not lengthen the grace of an earlier one', async () => {
    const { key, rawKey } = await server.create()
    await rotate(key.id, { gracePeriod: '1h' })
    await rotate(key.id, { gracePeriod: '30d' })
    clock.advance(HOUR)
    expect(await codes(rawKey)).toEqual(['rotated'])
  })

  test('an emergency is no matter of how many raw keys there are', async () => {
    const { key } = await server.create()
    for (let round = 0; round < 4; round++) await rotate(key.id)
    const last = await rotate(key.id, { reason: 'compromise' })
    expect(await codes(last.rawKey)).toEqual(['valid'])
  })

  test('10 rotations at once are all made, and the last one verifies', async () => {
    const { key } = await server.create()
    const rotated = await Promise.all(Array.from({ length: 10 }, () => rotate(key.id, { gracePeriod: '0s' })))
    const verified = await codes(...rotated.map(({ rawKey }) => rawKey))
    expect(verified.filter((code) => code === 'valid')).toHaveLength(1)
    // The latest of the replaced ones are told why; those before them are forgotten.
    const others = verified.filter((code) => code !== 'valid')
    expect(others.filter((code) => code === 'rotated')).toHaveLength(MAX_KEPT_CREDENTIALS - 1)
    expect(others.every((code) => code === 'rotated' || code === 'invalid')).toBe(true)
  })
})

describe('409', () => {
  test('for a key that is suspended, revoked, purged or expired', async () => {
    for (const change of ['suspend', 'revoke', 'purge']) {
      const { key } = await server.create()
      await server.call('POST', `/v1/keys/${key.id}/${change}`)
      expectProblem(await refused(key.id), 409, 'invalid_transition')
    }
    const { key } = await server.create({ expiresIn: '1s' })
    clock.advance(SECOND)
    expectProblem(await refused(key.id), 409, 'invalid_transition')
  })

  test('for a sixth raw key that verifies', async () => {
    const { key, rawKey } = await server.create()
    for (let round = 0; round < 4; round++) await rotate(key.id, { gracePeriod: '1h' })
    const answer = await refused(key.id)
    expectProblem(answer, 409, 'too_many_credentials')
    expect(answer.text).not.toContain('rawKey')
    expect(await codes(rawKey)).toEqual(['valid'])
    clock.advance(HOUR)
    await rotate(key.id)
  })
})

test.each([
  ['an unknown reason', { reason: 'boredom' }],
  ['an unknown field', { grace: '1h' }],
  ['a grace that is a number', { gracePeriod: 3600 }],
])('400 for %s', async (_name, body) => {
  const { key, rawKey } = await server.create()
  expectProblem(await refused(key.id, body), 400, 'invalid_request')
  expect(await codes(rawKey)).toEqual(['valid'])
})

test('404 for a key that does not exist', async () => {
  expectProblem(await refused(newId('key')), 404, 'key_not_found')
})

describe('the list of rotations', async () => {
  const { key } = await server.create({ tenantId: 'history' })
  const began = new Date(clock()).toISOString()
  const made: RotationBody[] = []
  for (const reason of ['scheduled', 'manual', 'compromise']) {
    clock.advance(SECOND)
    made.unshift((await rotate(key.id, { reason })).rotation)
  }
  const list = async (path: string) => (await server.call<PageBody<RotationBody>>('GET', path)).body

  test('of a key: the newest first', async () => {
    for (const reference of [key.id, key.identifier]) {
      expect(await list(`/v1/keys/${reference}/rotations`)).toEqual({ items: made, nextCursor: null })
    }
  })

  test('of a tenant, by key and by time', async () => {
    expect((await list('/v1/rotations?tenantId=history')).items).toEqual(made)
    expect((await list(`/v1/rotations?keyId=${key.identifier}`)).items).toEqual(made)
    expect((await list(`/v1/rotations?keyId=${key.id}&from=${made[1]?.createdAt}`)).items).toEqual(
      made.slice(0, 2),
    )
    expect((await list(`/v1/rotations?keyId=${key.id}&to=${made[1]?.createdAt}`)).items).toEqual(
      made.slice(2),
    )
    expect((await list(`/v1/rotations?keyId=${key.id}&to=${began}`)).items).toEqual([])
  })

  test('page by page', async () => {
    const first = await list(`/v1/keys/${key.id}/rotations?limit=2`)
    const second = await list(`/v1/keys/${key.id}/rotations?limit=2&cursor=${first.nextCursor}`)
    expect([...first.items, ...second.items]).toEqual(made)
    expect(second.nextCursor).toBeNull()
  })

  test('400 and 404', async () => {
    expectProblem(await server.call('GET', '/v1/rotations?reason=manual'), 400, 'invalid_request')
    expectProblem(await server.call('GET', `/v1/keys/${key.id}/rotations?keyId=x`), 400, 'invalid_request')
    expectProblem(await server.call('GET', `/v1/keys/${newId('key')}/rotations`), 404, 'key_not_found')
    expectProblem(await server.call('GET', '/v1/rotations?keyId=none'), 404, 'key_not_found')
  })
})
