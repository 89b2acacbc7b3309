import { afterAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { unknownIdentifier } from '../forge.ts'
import { MANAGEMENT_ROUTES } from './route-table.ts'
import {
  type CallOptions,
  expectProblem,
  type KeyBody,
  type PageBody,
  startServer,
} from './running-server.ts'

/** Tenants are walls: another tenant's id answers like one that does not exist, in every route. */

const server = await startServer()
afterAll(server.stop)

const ofA = await server.create({ name: 'of a', tenantId: 'a', scopes: ['read'] })
const ofB = await server.create({ name: 'of b', tenantId: 'b', scopes: ['read'] })
const managerA = await server.createManager(['keysmith', '*'], 'a')
const managerB = await server.createManager(['keysmith', '*'], 'b')
const asA = (options: CallOptions = {}): CallOptions => ({ ...options, key: managerA.rawKey })
const asB = (options: CallOptions = {}): CallOptions => ({ ...options, key: managerB.rawKey })
await server.call('POST', `/v1/keys/${ofB.key.id}/rotate`, asB())
await server.call('POST', '/v1/scopes', asB({ body: { name: 'scope-of-b' } }))

async function ask(method: string, path: string, body?: object): Promise<string> {
  const { status, text, headers } = await server.call(method, path, asA(body && { body }))
  const kept = [...headers].filter(([name]) => !['date', 'x-request-id'].includes(name))
  return JSON.stringify([status, text.replace(/,"requestId":"[^"]+"/, ''), kept])
}

const stateOfB = async () => (await server.call<{ key: KeyBody }>('GET', `/v1/keys/${ofB.key.id}`)).body.key
const before = await stateOfB()

describe.each(MANAGEMENT_ROUTES.filter(({ url }) => url.includes(':id')))('$method $url', (route) => {
  const at = (id: string) => ask(route.method, route.url.replace(':id', id), route.body)

  if (route.url.startsWith('/v1/keys')) {
    test('answers to the id of another tenant’s key as to a random one', async () => {
      const answer = await at(ofB.key.id)
      expect(answer).toBe(await at(newId('key')))
      expect(JSON.parse(answer)[0]).toBe(404)
    })

    test('answers to the identifier of another tenant’s key as to a random one', async () => {
      const answer = await at(ofB.key.identifier)
      expect(answer).toBe(await at(unknownIdentifier()))
      expect(JSON.parse(answer)[0]).toBe(404)
    })
  } else {
    test('answers to the name of another tenant’s scope as to a random one', async () => {
      const answer = await at('scope-of-b')
      expect(answer).toBe(await at('scope-of-none'))
      expect(JSON.parse(answer)[0]).toBe(404)
    })
  }
})

describe.each(['/v1/keys', '/v1/scopes', '/v1/rotations', '/v1/audit'])('GET %s', (list) => {
  test('shows nothing of another tenant', async () => {
    const { body } = await server.call<PageBody<{ tenantId: string }>>('GET', `${list}?limit=100`, asA())
    expect(body.items.filter(({ tenantId }) => tenantId !== 'a')).toEqual([])
    const theirs = await server.call<PageBody<{ tenantId: string }>>('GET', list, asB())
    expect(theirs.body.items.length).toBeGreaterThan(0)
  })

  test('answers to another tenant’s name as to one that nobody has', async () => {
    const answer = await ask('GET', `${list}?tenantId=b`)
    expect(answer).toBe(await ask('GET', `${list}?tenantId=nobody`))
    expect(JSON.parse(answer)[0]).toBe(403)
    expect([400, 403]).toContain(JSON.parse(await ask('GET', `${list}?tenantId=*`))[0])
  })

  test('answers to another tenant’s cursor as to one that was made up', async () => {
    if (list === '/v1/scopes') await server.call('POST', list, asB({ body: { name: 'second' } }))
    if (list === '/v1/rotations') await server.call('POST', `/v1/keys/${ofB.key.id}/rotate`, asB())
    const { body } = await server.call<PageBody<object>>('GET', `${list}?limit=1`, asB())
    expect(body.nextCursor).toEqual(expect.any(String))
    const answer = await ask('GET', `${list}?limit=1&cursor=${body.nextCursor}`)
    expect(answer).toBe(await ask('GET', `${list}?limit=1&cursor=made-up`))
    expect(JSON.parse(answer)[0]).toBe(400)
  })
})

test.each(['/v1/rotations', '/v1/audit'])(
  'GET %s?keyId answers to another tenant’s key as to a random one',
  async (list) => {
    expect(await ask('GET', `${list}?keyId=${ofB.key.id}`)).toBe(
      await ask('GET', `${list}?keyId=${newId('key')}`),
    )
    expect(await ask('GET', `${list}?keyId=${ofB.key.identifier}`)).toBe(
      await ask('GET', `${list}?keyId=${unknownIdentifier()}`),
    )
  },
)

test.each(['GET', 'PATCH', 'DELETE'])(
  '%s of a scope answers to another tenant’s name as to one that nobody has',
  async (method) => {
    const body = method === 'PATCH' ? { description: 'x' } : undefined
    const answer = await ask(method, '/v1/scopes/scope-of-b?tenantId=b', body)
    expect(answer).toBe(await ask(method, '/v1/scopes/scope-of-b?tenantId=nobody', body))
    expect(JSON.parse(answer)[0]).toBe(403)
  },
)

test('a filter by another tenant’s identifier or owner finds nothing', async () => {
  for (const query of [`identifier=${ofB.key.identifier}`, `q=${ofB.key.identifier}`, 'q=of%20b']) {
    const { body } = await server.call<PageBody<object>>('GET', `/v1/keys?${query}`, asA())
    expect(body).toEqual({ items: [], nextCursor: null })
  }
})

test('another tenant’s key verifies as one that does not exist, byte for byte', async () => {
  const unknown = await ask('POST', '/v1/keys/verify', { rawKey: 'sk_live_none' })
  expect(await ask('POST', '/v1/keys/verify', { rawKey: ofB.rawKey })).toBe(unknown)
  expect(await ask('POST', '/v1/keys/verify', { rawKey: ofB.rawKey, tenantId: 'b' })).toBe(unknown)
  expect(await ask('POST', '/v1/keys/verify', { rawKey: managerB.rawKey })).toBe(unknown)
  expect(await ask('POST', '/v1/keys/verify', { rawKey: ofA.rawKey, tenantId: 'b' })).toBe(unknown)
  expect((await server.verify(ofA.rawKey, {}, asA())).code).toBe('valid')
  await server.revoke(managerB.key.id)
  expect(await ask('POST', '/v1/keys/verify', { rawKey: managerB.rawKey })).toBe(unknown)
})

test('an Idempotency-Key of another caller tells nothing', async () => {
  const headers = { 'idempotency-key': 'shared-token' }
  const body = { name: 'idempotent' }
  const first = await server.create(body, { headers })
  const second = await server.create(body, asA({ headers }))
  expect(second.key.id).not.toBe(first.key.id)
  expect(second.key.tenantId).toBe('a')
})

test('nothing that tenant a did has changed the key of tenant b', async () => {
  const { rotatedAt: _at, ...key } = await stateOfB()
  expect(key).toMatchObject({ state: 'active', scopes: ['read'], name: 'of b' })
  const { rotatedAt: _before, ...was } = before
  // The second rotation, by tenant b itself, is all that happened.
  expect(key).toEqual({ ...was, hint: key.hint, updatedAt: key.updatedAt, version: was.version + 1 })
})

describe('a management key can not make itself, or anyone, stronger', () => {
  const HELD = ['keysmith:keys:create', 'keysmith:keys:update', 'keysmith:keys:rotate', 'read']

  test.each([
    ['*'],
    ['keysmith'],
    ['keysmith:*'],
    ['keysmith:keys'],
    ['keysmith:keys:*'],
    ['keysmith:keys:delete'],
    ['write'],
    ['read', 'write'],
  ])('by creating a key with %s', async (...scopes) => {
    const { rawKey } = await server.createManager(HELD, 'a')
    const body = { name: 'stronger', scopes }
    expectProblem(await server.call('POST', '/v1/keys', { key: rawKey, body }), 403, 'forbidden')
  })

  test.each(['b', '*', 'nobody'])('by creating a key in tenant %s', async (tenantId) => {
    const { rawKey } = await server.createManager(HELD, 'a')
    for (const scopes of [[], ['keysmith:keys:create']]) {
      const body = { name: 'elsewhere', tenantId, scopes }
      expectProblem(await server.call('POST', '/v1/keys', { key: rawKey, body }), 403, 'forbidden')
    }
  })

  test('by assigning scopes to itself', async () => {
    const { key, rawKey } = await server.createManager(HELD, 'a')
    for (const scopes of [['keysmith'], ['*'], ['read', 'keysmith:keys:revoke']]) {
      const path = `/v1/keys/${key.id}`
      expectProblem(
        await server.call('POST', `${path}/scopes`, { key: rawKey, body: { scopes } }),
        403,
        'forbidden',
      )
      expectProblem(await server.call('PATCH', path, { key: rawKey, body: { scopes } }), 403, 'forbidden')
    }
    const { body } = await server.call<{ key: KeyBody }>('GET', `/v1/keys/${key.id}`)
    expect(body.key.scopes).toEqual(HELD)
    expect(body.key.version).toBe(1)
  })

  test('by changing fields that are not for changing', async () => {
    const { key, rawKey } = await server.createManager(HELD, 'a')
    for (const field of ['tenantId', 'appId', 'state', 'identifier', 'id', 'createdBy', 'version']) {
      const answer = await server.call('PATCH', `/v1/keys/${key.id}`, { key: rawKey, body: { [field]: '*' } })
      expectProblem(answer, 400, 'invalid_request')
    }
  })

  test('by rotating a stronger key to get its new raw key', async () => {
    const { rawKey } = await server.createManager(HELD, 'a')
    const stronger = await server.createManager(['keysmith'], 'a')
    const answer = await server.call('POST', `/v1/keys/${stronger.key.id}/rotate`, { key: rawKey })
    expectProblem(answer, 403, 'forbidden')
    expect(answer.text).not.toContain('rawKey')
    expect((await server.verify(stronger.rawKey)).code).toBe('valid')
  })

  test('by making a key that it may make, and using that', async () => {
    const { rawKey } = await server.createManager(HELD, 'a')
    const child = await server.create({ scopes: ['keysmith:keys:create'] }, { key: rawKey })
    expect(child.key).toMatchObject({ tenantId: 'a', createdBy: expect.stringMatching(/^akey_/) })
    const body = { name: 'x', scopes: ['read'] }
    expectProblem(await server.call('POST', '/v1/keys', { key: child.rawKey, body }), 403, 'forbidden')
  })

  test('by being a customer’s key with every scope', async () => {
    const { rawKey } = await server.create({ tenantId: 'a', scopes: ['*'] })
    expectProblem(await server.call('GET', '/v1/keys', { key: rawKey }), 403, 'insufficient_scope')
  })
})

describe('a management key of one app', () => {
  test('sees and makes keys of that app alone', async () => {
    const { rawKey } = await server.create({ tenantId: 'a', appId: 'shop', scopes: ['keysmith'] })
    const made = await server.create({}, { key: rawKey })
    expect(made.key).toMatchObject({ tenantId: 'a', appId: 'shop' })
    const { body } = await server.call<PageBody<KeyBody>>('GET', '/v1/keys', { key: rawKey })
    expect(body.items.map(({ appId }) => appId)).toEqual(['shop', 'shop'])
    expectProblem(await server.call('GET', `/v1/keys/${ofA.key.id}`, { key: rawKey }), 404, 'key_not_found')
    for (const appId of ['default', '*']) {
      const elsewhere = { name: 'x', appId, scopes: ['keysmith'] }
      expectProblem(await server.call('POST', '/v1/keys', { key: rawKey, body: elsewhere }), 403, 'forbidden')
    }
    expect(await server.verify(ofA.rawKey, {}, { key: rawKey })).toEqual({ valid: false, code: 'invalid' })
  })

  test('can not be one of every tenant: that would be no wall', async () => {
    const body = { name: 'x', tenantId: '*', appId: 'shop', scopes: ['keysmith'] }
    expectProblem(await server.call('POST', '/v1/keys', { body }), 400, 'invalid_request')
  })
})

test('an ordinary key can not belong to every tenant or app', async () => {
  for (const place of [{ tenantId: '*' }, { appId: '*' }]) {
    expectProblem(
      await server.call('POST', '/v1/keys', { body: { name: 'x', ...place } }),
      400,
      'invalid_request',
    )
  }
})
