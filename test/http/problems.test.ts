import { afterAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../src/server/problem.ts'
import { type CallOptions, expectProblem, startServer } from './running-server.ts'

/** Every error has the form of RFC 9457, and every answer an id by which it is found in the log. */

const server = await startServer()
afterAll(server.stop)
const { key, rawKey } = await server.create()
await server.call('POST', '/v1/scopes', { body: { name: 'there' } })

const headers = { 'idempotency-key': 'used' }
await server.create({}, { headers })

type Case = [status: number, code: Problem['code'], method: string, path: string, options?: CallOptions]
const CASES: Case[] = [
  [400, 'invalid_request', 'POST', '/v1/keys', { body: {} }],
  [400, 'invalid_request', 'POST', '/v1/keys', { body: '{' }],
  [400, 'invalid_request', 'GET', '/v1/keys?limit=0'],
  [400, 'invalid_request', 'GET', '/v1/keys/%zz'],
  [401, 'missing_credentials', 'GET', '/v1/keys', { key: null }],
  [401, 'invalid', 'GET', '/v1/keys', { key: 'wrong' }],
  [403, 'insufficient_scope', 'GET', '/v1/keys', { key: rawKey }],
  [404, 'route_not_found', 'GET', '/v1/nothing'],
  [404, 'route_not_found', 'GET', '/v1'],
  [404, 'route_not_found', 'GET', `/v1/keys/${'x'.repeat(257)}`],
  [404, 'key_not_found', 'GET', '/v1/keys/none'],
  [404, 'scope_not_found', 'GET', '/v1/scopes/none'],
  [404, 'policy_not_found', 'POST', '/v1/keys', { body: { name: 'x', policyId: 'x' } }],
  [405, 'method_not_allowed', 'PUT', '/v1/keys'],
  [405, 'method_not_allowed', 'OPTIONS', '/v1/keys'],
  [409, 'scope_exists', 'POST', '/v1/scopes', { body: { name: 'there' } }],
  [413, 'body_too_large', 'POST', '/v1/keys', { body: { name: 'x'.repeat(70_000) } }],
  [
    415,
    'unsupported_media_type',
    'POST',
    '/v1/keys',
    { body: 'x', headers: { 'content-type': 'text/plain' } },
  ],
  [422, 'idempotency_mismatch', 'POST', '/v1/keys', { body: { name: 'other' }, headers }],
]

test.each(CASES)('%i %s: %s %s', async (status, code, method, path, options) => {
  expectProblem(await server.call(method, path, options), status, code)
})

describe('the request id', () => {
  test('is in every answer, whatever it answers', async () => {
    for (const path of [
      '/healthz',
      '/readyz',
      '/v1/keys',
      '/openapi.json',
      '/docs',
      '/docs/static/index.css',
      '/no',
    ]) {
      const { headers: sent } = await server.call('GET', path)
      expect(sent.get('x-request-id'), path).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  test('leads to the line of the log', async () => {
    const answer = await server.call('GET', '/v1/keys/none')
    await expect.poll(() => server.logged(answer.body.requestId ?? 'none')).toHaveLength(1)
    const [line = '{}'] = server.logged(answer.body.requestId ?? 'none')
    expect(JSON.parse(line)).toMatchObject({
      msg: 'request',
      method: 'GET',
      route: '/v1/keys/:id',
      status: 404,
      actor: 'root',
    })
  })

  test('leads to the key that was refused for want of a scope', async () => {
    const manager = await server.createManager(['keysmith:audit:read'])
    const answer = await server.call('GET', '/v1/keys', { key: manager.rawKey })
    expectProblem(answer, 403, 'insufficient_scope')
    await expect.poll(() => server.logged(answer.body.requestId ?? 'none')).toHaveLength(1)
    const [line = '{}'] = server.logged(answer.body.requestId ?? 'none')
    expect(JSON.parse(line)).toMatchObject({ status: 403, actor: manager.key.id })
  })

  test('is the one that the client gave, when it can be logged', async () => {
    const ask = async (id: string) =>
      (await server.call('GET', '/v1/keys/none', { headers: { 'x-request-id': id } })).body.requestId
    expect(await ask('trace-42')).toBe('trace-42')
    for (const id of ['a b', '{"level":60}', 'x'.repeat(65), 'é'])
      expect(await ask(id)).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('of a refused credential is in the header alone: those bodies are all the same', async () => {
    const first = await server.call('GET', '/v1/keys', { key: 'wrong' })
    const second = await server.call('GET', '/v1/keys', { key: 'wrong-too' })
    expect(first.headers.get('x-request-id')).not.toBe(second.headers.get('x-request-id'))
    expect(first.text).toBe(second.text)
  })
})

describe('an input that is refused says what to do', () => {
  const CASES: [method: string, path: string, body: object | undefined, at: string, message: RegExp][] = [
    [
      'POST',
      '/v1/keys',
      { name: 'x', expiresIn: '90 days' },
      'expiresIn',
      /^Write a duration as a number and a unit/,
    ],
    ['POST', '/v1/keys', { name: 'x', expiresAt: 'tomorrow' }, 'expiresAt', /^Give a time in ISO 8601/],
    ['POST', '/v1/keys', { name: 'x', kind: 'robot' }, 'kind', /user.*service/],
    ['POST', '/v1/keys', { name: '' }, 'name', /^Give a name of 1 to 200 characters\.$/],
    ['POST', '/v1/keys', {}, 'name', /^Give a name of 1 to 200 characters\.$/],
    ['POST', '/v1/keys', { name: 'x', colour: 'red' }, 'colour', /not known here/],
    ['POST', '/v1/keys/verify', { rawKey: 'x', scopes: 'a b' }, 'scopes', /^Use letters, digits/],
    ['POST', '/v1/keys/verify', { rawKey: 'x', scopes: { some: [] } }, 'scopes', /^Give a scope, a list/],
    ['POST', '/v1/keys/verify', { rawKey: 'x', ip: 'here' }, 'ip', /^Give an IPv4 or IPv6 address\.$/],
    ['GET', '/v1/keys?limit=1000', undefined, 'limit', /^Give a number from 1 to 100\.$/],
    ['GET', '/v1/keys?limit=many', undefined, 'limit', /^Give a number from 1 to 100\.$/],
    ['GET', '/v1/audit?from=yesterday', undefined, 'from', /^Give a time in ISO 8601/],
    ['GET', `/v1/keys/${key.id}?deep=1`, undefined, 'deep', /not known here/],
  ]

  test.each(CASES)('%s %s %j', async (method, path, body, at, message) => {
    const answer = await server.call(method, path, body && { body })
    expectProblem(answer, 400, 'invalid_request')
    expect(answer.body.errors).toEqual([{ path: at, message: expect.stringMatching(message) }])
    expect(answer.body.detail).toBe(`${at}: ${answer.body.errors?.[0]?.message}`)
  })
})

test('no answer is kept by a cache, guessed to be another type, or told what runs here', async () => {
  for (const path of ['/v1/keys', `/v1/keys/${key.id}`, '/v1/keys/none', '/healthz']) {
    const { headers: sent } = await server.call('GET', path)
    expect(sent.get('cache-control')).toBe('no-store')
    expect(sent.get('x-content-type-options')).toBe('nosniff')
    for (const name of ['x-powered-by', 'server', 'access-control-allow-origin'])
      expect(sent.get(name)).toBeNull()
  }
})
