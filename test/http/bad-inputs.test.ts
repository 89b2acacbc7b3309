import { afterAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/store/store.ts'
import { forge, secretOf, unknownIdentifier } from '../forge.ts'
import {
  type CreatedBody,
  expectProblem,
  fakeClock,
  HOUR,
  type PageBody,
  SECOND,
  startServer,
} from './running-server.ts'

/** The bad inputs of the project's list, by their number there. */

const clock = fakeClock()
let lookUps = 0
const server = await startServer({
  clock,
  wrapStore: (store: Store) => ({
    ...store,
    find(lookup) {
      lookUps++
      return store.find(lookup)
    },
  }),
})
afterAll(server.stop)

const SHORT = { expiresIn: '1s' } as const
const live = await server.create({ name: 'live', scopes: ['read'] })
const revoked = await server.create()
await server.revoke(revoked.key.id)
const suspended = await server.create()
await server.call('POST', `/v1/keys/${suspended.key.id}/suspend`)
const expired = await server.create(SHORT)
const ofAnother = await server.create({ tenantId: 'another' })
const expiredManager = await server.create({ ...SHORT, scopes: ['keysmith'] })
const revokedManager = await server.createManager(['keysmith'])
await server.revoke(revokedManager.key.id)
const manager = await server.createManager(['keysmith', '*'], 'default')
clock.advance(10 * SECOND)

const create = (body: unknown, headers: Record<string, string> = {}) =>
  server.call('POST', '/v1/keys', { body, headers })

describe('1: what is wrong with a refused raw key can not be told', () => {
  const wrong: [string, string][] = [
    ['a word', 'x'],
    ['a raw key that was cut', live.rawKey.slice(0, -1)],
    ['a raw key with a wrong checksum', `${live.rawKey.slice(0, -6)}000000`],
    ['a live key with the secret AAA…', forge(live.key.identifier)],
    ['a revoked key with the secret AAA…', forge(revoked.key.identifier)],
    ['a suspended key with the secret AAA…', forge(suspended.key.identifier)],
    ['an expired key with the secret AAA…', forge(expired.key.identifier)],
    ['an unknown identifier', forge(unknownIdentifier())],
  ]

  test.each(wrong)('to the management API: %s', async (_name, rawKey) => {
    const answer = await server.call('GET', '/v1/keys', { key: rawKey })
    const other = await server.call('GET', '/v1/keys', { key: forge(unknownIdentifier()) })
    expectProblem(answer, 401, 'invalid')
    expect(answer.text).toBe(other.text)
    const headers = (from: Headers) =>
      [...from]
        .filter(([name]) => !['date', 'x-request-id'].includes(name))
        .map(([name, value]) => [name, value])
    expect(headers(answer.headers)).toEqual(headers(other.headers))
  })

  test.each([
    ['a live management key with the secret AAA…', () => manager],
    ['a revoked one', () => revokedManager],
    ['an expired one', () => expiredManager],
  ])('to the management API: %s', async (_name, target) => {
    const answer = await server.call('GET', '/v1/keys', { key: forge(target().key.identifier) })
    expect(answer.text).toBe((await server.call('GET', '/v1/keys', { key: 'x' })).text)
  })

  test.each([...wrong, ['the key of another tenant', ofAnother.rawKey]])(
    'to verify: %s',
    async (_name, rawKey) => {
      for (const key of [server.rootKey, manager.rawKey]) {
        const { status, text } = await server.call('POST', '/v1/keys/verify', {
          key,
          body: { rawKey, tenantId: 'default' },
        })
        expect(`${status} ${text}`).toBe('200 {"valid":false,"code":"invalid"}')
      }
    },
  )

  test('once the secret is proved, the holder is told', async () => {
    expectProblem(await server.call('GET', '/v1/keys', { key: revokedManager.rawKey }), 403, 'revoked')
    expectProblem(await server.call('GET', '/v1/keys', { key: expiredManager.rawKey }), 403, 'expired')
  })
})

test('2: who sends no credentials is asked for them, and told of no error', async () => {
  const answer = await server.call('GET', '/v1/keys', { key: null })
  expectProblem(answer, 401, 'missing_credentials')
  expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="keysmith"')
})

describe('3: the management API reads its key from one place', () => {
  test('X-API-Key is no management credential', async () => {
    const headers = { 'x-api-key': manager.rawKey }
    expectProblem(await server.call('GET', '/v1/keys', { key: null, headers }), 401, 'missing_credentials')
    const basic = { ...headers, authorization: 'Basic cm9vdDpyb290' }
    expectProblem(
      await server.call('GET', '/v1/keys', { key: null, headers: basic }),
      401,
      'missing_credentials',
    )
  })

  test('a bad bearer key is not helped by a good X-API-Key', async () => {
    const headers = { 'x-api-key': manager.rawKey }
    expectProblem(await server.call('GET', '/v1/keys', { key: 'bad', headers }), 401, 'invalid')
  })

  test('of two Authorization headers none is let in', async () => {
    const answer = await server.send(
      `GET /v1/keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${server.rootKey}\r\nAuthorization: Bearer bad\r\n\r\n`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer).toContain('"code":"invalid_request"')
  })
})

describe('4: a raw key in the address', () => {
  test('is no credential in the query', async () => {
    const { status } = await server.call('GET', `/v1/keys?api_key=${manager.rawKey}`, { key: null })
    expect(status).toBe(401)
    expectProblem(await server.call('GET', `/v1/keys?api_key=${manager.rawKey}`), 400, 'invalid_request')
    expectProblem(
      await server.call('GET', `/v1/keys/${live.key.id}?api_key=${manager.rawKey}`),
      400,
      'invalid_request',
    )
  })

  test.each([
    ['as an id', () => `/v1/keys/${live.rawKey}`],
    ['as the id of a key to revoke', () => `/v1/keys/${live.rawKey}/revoke`],
    ['at an address that does not exist', () => `/${live.rawKey}`],
    ['in an address that is badly encoded', () => `/v1/keys/%zz${live.rawKey}`],
    ['in an address that is too long', () => `/v1/keys/${live.rawKey}${'a'.repeat(300)}`],
  ])('is repeated nowhere when it is used %s', async (_name, path) => {
    for (const method of ['GET', 'POST']) {
      const answer = await server.call(method, path())
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
      expectProblem(answer, answer.status, answer.body.code)
      expect(answer.text).not.toContain(secretOf(live.rawKey))
    }
  })

  test('is in no log', async () => {
    expect(server.logs.length).toBeGreaterThan(20)
    for (const { rawKey } of [live, manager]) expect(server.logged(secretOf(rawKey))).toEqual([])
    expect(server.logged('api_key')).toEqual([])
  })
})

test('5: an Authorization header of 17,000 bytes is refused, and nothing of it is logged', async () => {
  const before = server.logs.length
  const answer = await server.send(
    `GET /v1/keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${'Zz9'.repeat(5_667)}\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1.1 431 /)
  expect(answer).toContain('application/problem+json')
  expect(answer).toContain('"code":"headers_too_large"')
  expect(server.logs.slice(before).join()).not.toContain('Zz9Zz9')
})

describe('6: raw keys that are none', () => {
  const verify = (body: unknown) => server.call('POST', '/v1/keys/verify', { body })

  test.each([
    ['a list', { rawKey: ['x'] }],
    ['an object', { rawKey: { $ne: null } }],
    ['null', { rawKey: null }],
    ['a number', { rawKey: 1 }],
    ['empty', { rawKey: '' }],
    ['missing', {}],
    ['of 5,000 characters', { rawKey: 'x'.repeat(5_000) }],
  ])('%s: the request is not valid', async (_name, body) => {
    expectProblem(await verify(body), 400, 'invalid_request')
  })

  test.each([
    ['a space behind', () => `${live.rawKey} `],
    ['a space before', () => ` ${live.rawKey}`],
    ['a line break', () => `${live.rawKey}\n`],
    ['NUL', () => `${live.rawKey}\0`],
    ['full-width letters', () => live.rawKey.replace('sk', 'ｓｋ')],
    ['half a surrogate pair', () => `${live.rawKey}\ud800`],
    ['SQL', () => "' OR 1=1 --"],
  ])('with %s: the key is invalid, and no database was asked', async (_name, rawKey) => {
    const before = lookUps
    expect(await server.verify(rawKey())).toEqual({ valid: false, code: 'invalid' })
    expect(lookUps).toBe(before)
  })
})

describe('7: creating more than one may', () => {
  test.each(['state', 'createdBy', 'id', 'identifier', 'version', 'hash', 'isAdmin'])(
    'the field %s is not known',
    async (field) => {
      const answer = await create({ name: 'x', [field]: 'active' })
      expectProblem(answer, 400, 'invalid_request')
      expect(answer.body.errors).toMatchObject([{ path: field }])
    },
  )

  test('the tenant of another is refused', async () => {
    const body = { name: 'x', tenantId: 'another' }
    expectProblem(await server.call('POST', '/v1/keys', { key: manager.rawKey, body }), 403, 'forbidden')
  })

  test('scopes beyond the own ones are refused', async () => {
    const { rawKey } = await server.createManager(['keysmith:keys:create', 'read'], 'default')
    for (const scopes of [['*'], ['write'], ['keysmith'], ['read', 'keysmith:keys:verify']]) {
      expectProblem(
        await server.call('POST', '/v1/keys', { key: rawKey, body: { name: 'x', scopes } }),
        403,
        'forbidden',
      )
    }
    await server.create({ scopes: ['read:users'] }, { key: rawKey })
  })
})

describe('8: bodies that are more than they seem', () => {
  test.each([
    ['__proto__', '{"name":"x","__proto__":{"admin":true}}'],
    ['__proto__ alone', '{"__proto__":{"admin":true}}'],
    ['__proto__ in metadata', '{"name":"x","metadata":{"__proto__":{"admin":true}}}'],
    ['__proto__, escaped', '{"name":"x","\\u005f_proto__":{"admin":true}}'],
    ['constructor.prototype', '{"name":"x","constructor":{"prototype":{}}}'],
    ['constructor.prototype in metadata', '{"name":"x","metadata":{"constructor":{"prototype":{}}}}'],
    [
      'metadata nested 10,000 deep',
      `{"name":"x","metadata":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
    ],
    ['metadata nested 17 deep', `{"name":"x","metadata":${'{"a":'.repeat(17)}{}${'}'.repeat(17)}}`],
    ['metadata of more than 16 kB', `{"name":"x","metadata":{"a":"${'é'.repeat(8_192)}"}}`],
    ['metadata that is a list', '{"name":"x","metadata":[]}'],
    ['a body that is a list', '[]'],
    ['a body that is null', 'null'],
    ['half a body', '{"name":'],
    ['two names of which the second is a number', '{"name":"x","name":1}'],
  ])('%s is refused', async (_name, body) => {
    expectProblem(await create(body), 400, 'invalid_request')
  })

  test('a message about a body that can not be read repeats nothing of it', async () => {
    const answer = await create(`{"name": "${live.rawKey}", oops`)
    expectProblem(answer, 400, 'invalid_request')
    expect(answer.text).not.toContain(secretOf(live.rawKey))
  })

  test('required scopes nested 10,000 deep are refused', async () => {
    const body = `{"rawKey":"${live.rawKey}","scopes":${'['.repeat(10_000)}${']'.repeat(10_000)}}`
    expectProblem(await server.call('POST', '/v1/keys/verify', { body }), 400, 'invalid_request')
  })

  test('required scopes nested 9 deep are refused, and never let through', async () => {
    const body = `{"rawKey":"${live.rawKey}","scopes":${'['.repeat(9)}"read"${']'.repeat(9)}}`
    expectProblem(await server.call('POST', '/v1/keys/verify', { body }), 400, 'invalid_request')
  })

  test('a body of more than 64 kB is refused', async () => {
    expectProblem(await create({ name: 'x', description: 'd'.repeat(65_536) }), 413, 'body_too_large')
  })

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'a body of type %s is refused',
    async (type) => {
      const answer = await create('{"name":"x"}', { 'content-type': type })
      expectProblem(answer, 415, 'unsupported_media_type')
    },
  )

  test('prototypes are as they were', () => {
    expect('admin' in {}).toBe(false)
  })
})

describe('9: numbers and durations that are none', () => {
  test.each([
    '1e309',
    '-1',
    '0',
    '101',
    '%2210%22',
    '9007199254740993',
    '',
    '1.5',
    '0x10',
    '1e1',
    '%2010',
    'NaN',
    'null',
    '10&limit=10',
  ])('limit=%s', async (limit) => {
    for (const list of ['/v1/keys', '/v1/scopes', '/v1/audit', '/v1/rotations']) {
      expectProblem(await server.call('GET', `${list}?limit=${limit}`), 400, 'invalid_request')
    }
  })

  test.each(['-1', '1e309', '1000001', '9007199254740993', ''])('offset=%s', async (offset) => {
    expectProblem(await server.call('GET', `/v1/keys?offset=${offset}`), 400, 'invalid_request')
  })

  const durations = [
    '-1h',
    '1y2',
    '',
    '1',
    '1 hour',
    'forever',
    '1e3s',
    '101y',
    'Infinityd',
    '١h',
    ' 1h',
    3600,
    null,
  ]

  test.each(durations)('expiresIn %j', async (expiresIn) => {
    expectProblem(await create({ name: 'x', expiresIn }), 400, 'invalid_request')
  })

  test.each(durations)('gracePeriod %j', async (gracePeriod) => {
    const answer = await server.call('POST', `/v1/keys/${live.key.id}/rotate`, { body: { gracePeriod } })
    expectProblem(answer, 400, 'invalid_request')
    expect((await server.verify(live.rawKey)).code).toBe('valid')
  })

  test('a lifetime of 0s', async () => {
    expectProblem(await create({ name: 'x', expiresIn: '0s' }), 400, 'invalid_request')
  })

  test.each([0, -1, 1.5, '1', 1_000_001, null])('cost %j', async (cost) => {
    const body = { rawKey: live.rawKey, cost }
    expectProblem(await server.call('POST', '/v1/keys/verify', { body }), 400, 'invalid_request')
  })
})

describe('10: times that are none', () => {
  test.each([
    '2025-02-30T00:00:00Z',
    '2031-02-30T00:00:00Z',
    '2001-01-01T00:00:00Z',
    8_640_000_000_000_001,
    1_900_000_000,
    '8640000000000001',
    '+275760-09-13T00:00:00Z',
    '10000-01-01T00:00:00Z',
    '2031-01-01',
    '2031-01-01T00:00:00',
    '2031-01-01 00:00:00Z',
    '2031-13-01T00:00:00Z',
    '2031-01-01T25:00:00Z',
    'tomorrow',
    '',
    false,
    {},
  ])('expiresAt %j', async (expiresAt) => {
    expectProblem(await create({ name: 'x', expiresAt }), 400, 'invalid_request')
    const { status } = await server.call('PATCH', `/v1/keys/${live.key.id}`, { body: { expiresAt } })
    expect(status).toBe(400)
  })

  test.each(['2031-02-30T00:00:00Z', 'yesterday', '1700000000000'])('from=%s', async (from) => {
    expectProblem(await server.call('GET', `/v1/audit?from=${from}`), 400, 'invalid_request')
  })
})

test.each(['"><img src=x onerror=alert(1)>', '=HYPERLINK("http://x")', "'; drop table keysmith_keys; --"])(
  '11: the name %s is kept as it is, and sent as JSON that no browser reads as a page',
  async (name) => {
    const { key } = await server.create({ name })
    const answer = await server.call<{ key: { name: string } }>('GET', `/v1/keys/${key.id}`)
    expect(answer.body.key.name).toBe(name)
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const found = await server.call<PageBody<object>>('GET', `/v1/keys?q=${encodeURIComponent(name)}`)
    expect(found.body.items).toHaveLength(1)
  },
)

describe('12: lists that are asked for what they do not offer', () => {
  test.each([
    'sort=created_at;DROP%20TABLE%20keysmith_keys--',
    'limit=100000',
    'state=alive',
    'state=active&state=revoked',
    'cursor=x',
    'cursor=',
    'cursor[]=x',
    '__proto__=x',
    'constructor=x',
    `cursor=${'A'.repeat(600)}`,
  ])('?%s', async (query) => {
    expectProblem(await server.call('GET', `/v1/keys?${query}`), 400, 'invalid_request')
  })

  test('a cursor that was edited, cut, or taken from another list', async () => {
    const { body } = await server.call<PageBody<object>>('GET', '/v1/keys?limit=1')
    const cursor = body.nextCursor ?? ''
    const text = Buffer.from(cursor, 'base64url').toString()
    const edited = Buffer.from(text.replace(/^\d/, '9')).toString('base64url')
    const injected = Buffer.from(text.replace(' ', " ' or 1=1 ")).toString('base64url')
    expect((await server.call('GET', `/v1/keys?limit=1&cursor=${cursor}`)).status).toBe(200)
    for (const query of [
      `/v1/keys?cursor=${edited}`,
      `/v1/keys?cursor=${injected}`,
      `/v1/keys?cursor=${cursor.slice(0, -2)}`,
      `/v1/keys?cursor=${cursor}%3D`,
      `/v1/keys?state=active&cursor=${cursor}`,
      `/v1/keys?offset=1&cursor=${cursor}`,
      `/v1/audit?cursor=${cursor}`,
    ]) {
      expectProblem(await server.call('GET', query), 400, 'invalid_request')
    }
  })
})

// 13 is tenants.test.ts, 15 is routes.test.ts.

describe('16: the same Idempotency-Key', () => {
  const withToken = (token: string, body: object, key = server.rootKey) =>
    server.call<CreatedBody>('POST', '/v1/keys', { key, body, headers: { 'idempotency-key': token } })

  test('again: the same key, without its raw key', async () => {
    const first = await withToken('t-1', { name: 'once' })
    const second = await withToken('t-1', { name: 'once' })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual({ key: first.body.key })
  })

  test('with another body: 422', async () => {
    await withToken('t-2', { name: 'once' })
    const answer = await server.call('POST', '/v1/keys', {
      body: { name: 'twice' },
      headers: { 'idempotency-key': 't-2' },
    })
    expectProblem(answer, 422, 'idempotency_mismatch')
  })

  test('at the same time: one is created, the others are told to wait or get that one', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => withToken('t-3', { name: 'race' })))
    const made = answers.filter(({ body }) => body.rawKey !== undefined)
    expect(made).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status === 201) expect(body.key.id).toBe(made[0]?.body.key.id)
      else expect(status).toBe(409)
    }
    const { body } = await server.call<PageBody<object>>('GET', '/v1/keys?q=race')
    expect(body.items).toHaveLength(1)
  })

  test.each([
    ['that is empty', ''],
    ['with a space', 'a b'],
    ['of 256 characters', 'a'.repeat(256)],
  ])('%s is refused', async (_name, token) => {
    const headers = { 'idempotency-key': token }
    expectProblem(
      await server.call('POST', '/v1/keys', { body: { name: 'x' }, headers }),
      400,
      'invalid_request',
    )
  })

  test('given twice in one request is refused', async () => {
    const body = '{"name":"x"}'
    const answer = await server.send(
      `POST /v1/keys HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${server.rootKey}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\n\r\n${body}`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
  })

  test('after 24 hours it is a new request', async () => {
    const first = await withToken('t-4', { name: 'once' })
    clock.advance(25 * HOUR)
    const later = await withToken('t-4', { name: 'once' })
    expect(later.body.key.id).not.toBe(first.body.key.id)
    expect(later.body.rawKey).toBeDefined()
  })
})

describe('what is no HTTP', () => {
  test.each([
    ['words', 'hello\r\n\r\n'],
    ['two lengths', 'POST /v1/keys HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}'],
    [
      'a length and chunks',
      'POST /v1/keys HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a header with NUL', 'GET /v1/keys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\0b\r\n\r\n'],
    ['no host', 'GET /v1/keys HTTP/1.1\r\n\r\n'],
    ['an unknown method', 'FROB /v1/keys HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('%s is answered with 400', async (_name, bytes) => {
    expect(await server.send(bytes)).toMatch(/^HTTP\/1.1 400 /)
  })
})

test('nothing of all this was a fault of the server', () => {
  expect(server.logs.filter((line) => line.includes('"level":50'))).toEqual([])
})
