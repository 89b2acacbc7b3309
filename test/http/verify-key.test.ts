import { afterAll, describe, expect, test } from 'vitest'
import { forge, unknownIdentifier } from '../forge.ts'
import { expectProblem, fakeClock, HOUR, type RotatedBody, SECOND, startServer } from './running-server.ts'

/** POST /v1/keys/verify */

const clock = fakeClock()
const server = await startServer({ clock })
afterAll(server.stop)

describe('200', () => {
  test('valid, with the key and its scopes', async () => {
    const { key, rawKey } = await server.create({ scopes: ['read:users'], metadata: { plan: 'pro' } })
    expect(await server.verify(rawKey)).toEqual({ valid: true, code: 'valid', key, scopes: ['read:users'] })
  })

  test('valid, with all that can be said of the request', async () => {
    const { rawKey } = await server.create({ tenantId: 'acme' })
    const request = {
      scopes: [],
      ip: '2001:db8::1',
      origin: 'https://app.example',
      method: 'GET',
      path: '/things',
      cost: 5,
      tenantId: 'acme',
    }
    expect((await server.verify(rawKey, request)).valid).toBe(true)
  })

  test('invalid: nothing else is told', async () => {
    for (const rawKey of ['x', forge(unknownIdentifier())]) {
      expect(await server.verify(rawKey)).toEqual({ valid: false, code: 'invalid' })
    }
  })

  test('invalid for another tenant than is asked for', async () => {
    const { rawKey } = await server.create({ tenantId: 'acme' })
    expect(await server.verify(rawKey, { tenantId: 'other' })).toEqual({ valid: false, code: 'invalid' })
  })

  test('expired, from the very millisecond on', async () => {
    const { key, rawKey } = await server.create({ expiresIn: '1h' })
    clock.advance(HOUR - 1)
    expect((await server.verify(rawKey)).code).toBe('valid')
    clock.advance(1)
    expect(await server.verify(rawKey)).toMatchObject({
      valid: false,
      code: 'expired',
      key: { id: key.id, state: 'expired' },
    })
  })

  test.each([
    ['revoke', 'revoked'],
    ['purge', 'revoked'],
    ['suspend', 'suspended'],
  ])('after %s: %s', async (change, code) => {
    const { key, rawKey } = await server.create()
    await server.call('POST', `/v1/keys/${key.id}/${change}`)
    expect(await server.verify(rawKey)).toMatchObject({ valid: false, code, key: { id: key.id } })
    expect((await server.verify(rawKey)).scopes).toBeUndefined()
  })

  test('rotated, when the grace of a replaced raw key is over', async () => {
    const { key, rawKey } = await server.create()
    const { body } = await server.call<RotatedBody>('POST', `/v1/keys/${key.id}/rotate`, {
      body: { gracePeriod: '1s' },
    })
    expect((await server.verify(rawKey)).code).toBe('valid')
    clock.advance(SECOND)
    expect(await server.verify(rawKey)).toMatchObject({ valid: false, code: 'rotated' })
    expect((await server.verify(body.rawKey)).code).toBe('valid')
  })

  test('revoked comes before expired, and expired before rotated', async () => {
    const { key, rawKey } = await server.create({ expiresIn: '1h' })
    await server.call('POST', `/v1/keys/${key.id}/rotate`, { body: { reason: 'compromise' } })
    expect((await server.verify(rawKey)).code).toBe('rotated')
    clock.advance(HOUR)
    expect((await server.verify(rawKey)).code).toBe('expired')
    await server.revoke(key.id)
    expect((await server.verify(rawKey)).code).toBe('revoked')
  })
})

describe('required scopes', async () => {
  const { rawKey } = await server.create({ scopes: ['read', 'write:users', 'admin:*'] })

  test.each([
    ['read'],
    ['read:users'],
    ['read:users:list'],
    ['write:users'],
    ['admin:teams'],
    [[]],
    [['read', 'write:users']],
    [{ all: ['read', 'write:users'] }],
    [{ any: ['delete', 'read'] }],
    [{ any: ['delete', { all: ['read', { any: ['x', 'admin:teams'] }] }] }],
    [{ all: [] }],
  ])('valid for %j', async (scopes) => {
    expect((await server.verify(rawKey, { scopes })).code).toBe('valid')
  })

  test.each([
    ['write'],
    ['reader'],
    ['*'],
    ['admin'],
    ['constructor'],
    ['keysmith:keys:read'],
    [['read', 'write']],
    [{ all: ['read', 'delete'] }],
    [{ any: ['delete', 'write'] }],
    [{ any: [{ all: ['read', 'delete'] }, 'write'] }],
  ])('insufficient_scope for %j', async (scopes) => {
    expect(await server.verify(rawKey, { scopes })).toMatchObject({
      valid: false,
      code: 'insufficient_scope',
    })
  })

  test.each([
    [''],
    ['read users'],
    [null],
    [1],
    [{}],
    [{ any: [] }],
    [{ any: ['read'], all: ['read'] }],
    [{ some: ['read'] }],
    [{ any: 'read' }],
    [[['read', 5]]],
  ])('400 for %j: a guard with a typo lets no one through', async (scopes) => {
    const body = { rawKey, scopes }
    expectProblem(await server.call('POST', '/v1/keys/verify', { body }), 400, 'invalid_request')
  })
})

test.each([
  ['an address that is none', { ip: '300.1.1.1' }],
  ['an empty address', { ip: '' }],
  ['an unknown field', { rawkey: 'x' }],
  ['a tenant that is a list', { tenantId: ['a'] }],
])('400 for %s', async (_name, fields) => {
  const body = { rawKey: 'x', ...fields }
  expectProblem(await server.call('POST', '/v1/keys/verify', { body }), 400, 'invalid_request')
})

test('100 verifications at once of one key are each answered', async () => {
  const { rawKey } = await server.create()
  const answers = await Promise.all(Array.from({ length: 100 }, () => server.verify(rawKey)))
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['valid']))
})
