import { afterAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { type CreatedBody, DAY, expectProblem, fakeClock, startServer } from './running-server.ts'

/** POST /v1/keys */

const clock = fakeClock()
let gate: Promise<void> | undefined
const server = await startServer({
  clock,
  wrapStore: (store: Store) => ({
    ...store,
    async createKey(creation) {
      await gate
      return store.createKey(creation)
    },
  }),
})
afterAll(server.stop)

const create = (body: unknown, headers: Record<string, string> = {}) =>
  server.call<CreatedBody>('POST', '/v1/keys', { body, headers })
const refused = (body: unknown) => server.call('POST', '/v1/keys', { body })
const inDays = (days: number) => new Date(clock() + days * DAY).toISOString()

describe('201', () => {
  test('a name is enough: the rest has defaults', async () => {
    const { status, headers, body } = await create({ name: 'billing' })
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/v1/keys/${body.key.id}`)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(Object.keys(body).sort()).toEqual(['key', 'rawKey'])
    const now = new Date(clock()).toISOString()
    expect(body.key).toEqual({
      id: expect.stringMatching(/^akey_[0-9a-z]{26}$/),
      tenantId: 'default',
      appId: 'default',
      identifier: expect.stringMatching(/^sk_live_[0-9A-Za-z]{12}$/),
      format: 'native',
      prefix: 'sk',
      environment: 'live',
      name: 'billing',
      description: '',
      kind: 'service',
      ownerId: null,
      scopes: [],
      policyId: null,
      metadata: {},
      state: 'active',
      stateReason: null,
      stateChangedAt: now,
      hint: body.rawKey.slice(-4),
      createdAt: now,
      createdBy: 'root',
      updatedAt: now,
      expiresAt: null,
      lastUsedAt: null,
      rotatedAt: null,
      version: 1,
    })
    expect(body.rawKey).toMatch(new RegExp(`^${body.key.identifier}_[0-9A-Za-z]{49}$`))
    expect((await server.verify(body.rawKey)).code).toBe('valid')
  })

  test('every field is kept as it was given', async () => {
    const fields = {
      name: 'Ünïcode ☂ 钥匙',
      description: 'two\nlines',
      prefix: 'my_shop',
      environment: 'staging',
      kind: 'user',
      ownerId: 'user-1',
      scopes: ['read:users', 'write'],
      tenantId: 'acme',
      appId: 'shop',
      metadata: { team: 'pay', nested: { list: [1, 'two', null, true, 1.5] } },
      expiresAt: inDays(30),
    }
    const { status, body } = await create({ ...fields, format: 'native' })
    expect(status).toBe(201)
    expect(body.key).toMatchObject(fields)
    expect(body.rawKey).toMatch(/^my_shop_staging_/)
  })

  test('expiresIn counts from now', async () => {
    expect((await create({ name: 'x', expiresIn: '90d' })).body.key.expiresAt).toBe(inDays(90))
  })

  test('expiresAt may have an offset', async () => {
    const { body } = await create({ name: 'x', expiresAt: '2031-01-01T02:00:00+02:00' })
    expect(body.key.expiresAt).toBe('2031-01-01T00:00:00.000Z')
  })

  test('a scope that is given twice is held once', async () => {
    expect((await create({ name: 'x', scopes: ['a', 'b', 'a'] })).body.key.scopes).toEqual(['a', 'b'])
  })

  test('the Location leads to the key', async () => {
    const { headers, body } = await create({ name: 'x' })
    const found = await server.call<CreatedBody>('GET', headers.get('location') ?? '')
    expect(found.body).toEqual({ key: body.key })
  })

  test('who created it is kept', async () => {
    const manager = await server.createManager(['keysmith:keys:create'])
    const { key } = await server.create({}, { key: manager.rawKey })
    expect(key.createdBy).toBe(manager.key.id)
  })

  test('charset in the content type is fine', async () => {
    const type = { 'content-type': 'application/json; charset=utf-8' }
    expect((await create({ name: 'x' }, type)).status).toBe(201)
  })
})

describe('400', () => {
  test.each([
    ['no body', undefined],
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['a name of spaces', { name: '   ' }],
    ['a name of 201 characters', { name: 'x'.repeat(201) }],
    ['a name with a line break', { name: 'a\nb' }],
    ['a name with half a surrogate pair', '{"name":"a\\ud800"}'],
    ['a name that is a number', { name: 1 }],
    ['an unknown field', { name: 'x', colour: 'red' }],
    ['a prefix in upper case', { name: 'x', prefix: 'SK' }],
    ['an environment with _', { name: 'x', environment: 'my_env' }],
    ['an unknown kind', { name: 'x', kind: 'robot' }],
    ['an unknown format', { name: 'x', format: 'jwt' }],
    ['scopes that are a text', { name: 'x', scopes: 'read' }],
    ['a scope with a space', { name: 'x', scopes: ['read users'] }],
    ['an empty scope', { name: 'x', scopes: [''] }],
    ['a scope that ends with :', { name: 'x', scopes: ['read:'] }],
    ['101 scopes', { name: 'x', scopes: Array.from({ length: 101 }, (_, index) => `s${index}`) }],
    ['a tenant with a slash', { name: 'x', tenantId: 'a/b' }],
    ['an expiry in the past', { name: 'x', expiresAt: inDays(-1) }],
    ['an expiry of now', { name: 'x', expiresAt: inDays(0) }],
    ['two expiries', { name: 'x', expiresAt: inDays(1), expiresIn: '1d' }],
    ['metadata that is a text', { name: 'x', metadata: 'team' }],
  ])('%s', async (_name, body) => {
    const answer = await refused(body)
    expectProblem(answer, 400, 'invalid_request')
    expect(answer.text).not.toContain('rawKey')
  })

  test('says which field is wrong, and where', async () => {
    const { body } = await refused({ name: 'x', scopes: ['ok', 'not ok'] })
    expect(body.errors).toEqual([{ path: 'scopes.1', message: expect.any(String) }])
    expect(body.detail).toContain('scopes.1')
  })
})

test('404: a policy that does not exist is never skipped', async () => {
  expectProblem(await refused({ name: 'x', policyId: 'apol_none' }), 404, 'policy_not_found')
})

test('403: scopes beyond those of the caller', async () => {
  const manager = await server.createManager(['keysmith:keys:create', 'read'])
  const answer = await server.call('POST', '/v1/keys', {
    key: manager.rawKey,
    body: { name: 'x', scopes: ['read:users', 'write'] },
  })
  expectProblem(answer, 403, 'forbidden')
  expect(answer.body.detail).toContain('write')
  expect(answer.body.detail).not.toContain('read:users')
})

describe('Idempotency-Key', () => {
  const withToken = (token: string, body: object) => create(body, { 'idempotency-key': token })

  test('a replay is the same key, without its raw key, and says that it is one', async () => {
    const first = await withToken('a', { name: 'once', expiresIn: '1d' })
    clock.advance(1_000)
    const replay = await withToken('a', { expiresIn: '1d', name: 'once' })
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(replay.status).toBe(201)
    expect(replay.headers.get('idempotent-replayed')).toBe('true')
    expect(replay.headers.get('location')).toBe(first.headers.get('location'))
    expect(replay.body).toEqual({ key: first.body.key })
  })

  test('a replay shows the key as it is now', async () => {
    const first = await withToken('b', { name: 'once' })
    await server.revoke(first.body.key.id)
    expect((await withToken('b', { name: 'once' })).body.key.state).toBe('revoked')
  })

  test('422 for another request', async () => {
    await withToken('c', { name: 'once' })
    const answer = await server.call('POST', '/v1/keys', {
      body: { name: 'once', scopes: ['read'] },
      headers: { 'idempotency-key': 'c' },
    })
    expectProblem(answer, 422, 'idempotency_mismatch')
  })

  test('409 while the first is under way', async () => {
    let open = () => {}
    gate = new Promise((resolve) => {
      open = resolve
    })
    const first = withToken('d', { name: 'slow' })
    await expect
      .poll(async () => {
        const answer = await server.call('POST', '/v1/keys', {
          body: { name: 'slow' },
          headers: { 'idempotency-key': 'd' },
        })
        expectProblem(answer, 409, 'idempotency_in_progress')
        return answer.headers.get('retry-after')
      })
      .toBe('1')
    open()
    gate = undefined
    expect((await first).body.rawKey).toEqual(expect.any(String))
  })

  test('a request that failed leaves the token free', async () => {
    const headers = { 'idempotency-key': 'e' }
    const failed = await server.call('POST', '/v1/keys', { body: { name: '' }, headers })
    expectProblem(failed, 400, 'invalid_request')
    expect((await withToken('e', { name: 'x' })).body.rawKey).toEqual(expect.any(String))
  })

  test('the same token of another caller is another request', async () => {
    const manager = await server.createManager(['keysmith:keys:create'])
    const headers = { 'idempotency-key': 'f' }
    const first = await server.create({}, { headers })
    const second = await server.create({}, { headers, key: manager.rawKey })
    expect(second.key.id).not.toBe(first.key.id)
  })
})
