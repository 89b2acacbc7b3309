import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { UnavailableError } from '../../src/core/errors.ts'
import type { Health } from '../../src/engine/health.ts'
import type { Store } from '../../src/store/store.ts'
import { forge, unknownIdentifier } from '../forge.ts'
import { expectProblem, startServer } from './running-server.ts'

/** /healthz and /readyz, and all the rest while the database is down. */

let fault: Error | undefined
const breakable = (store: Store): Store =>
  Object.fromEntries(
    Object.entries(store).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'function' && name !== 'close'
        ? (...args: unknown[]) => {
            if (fault) throw fault
            return Reflect.apply(value, store, args)
          }
        : value,
    ]),
  ) as unknown as Store

const server = await startServer({ wrapStore: breakable })
afterAll(server.stop)
const manager = await server.createManager(['keysmith'])
const { key, rawKey } = await server.create()

beforeEach(() => {
  fault = undefined
})

test('/healthz: 200 while the process lives, with no credentials and no database', async () => {
  fault = new UnavailableError('The database is away.')
  const { status, body } = await server.call<object>('GET', '/healthz', { key: null })
  expect(status).toBe(200)
  expect(body).toEqual({ status: 'ok' })
})

test('/readyz: 200 while the database answers', async () => {
  const { status, body } = await server.call<Health>('GET', '/readyz', { key: null })
  expect(status).toBe(200)
  expect(body).toEqual({
    status: 'ok',
    store: { name: 'sqlite', status: 'ok', latencyMs: expect.any(Number) },
  })
})

test('/readyz: 503 while it does not, and 200 when it is back', async () => {
  fault = new UnavailableError('The database is away.')
  const down = await server.call<Health>('GET', '/readyz', { key: null })
  expect(down.status).toBe(503)
  expect(down.body).toMatchObject({ status: 'unavailable', store: { status: 'unavailable' } })
  fault = undefined
  expect((await server.call('GET', '/readyz', { key: null })).status).toBe(200)
})

describe('while the database is down', () => {
  beforeEach(() => {
    fault = new UnavailableError('The database is away.')
  })

  test.each([
    ['a good key', rawKey],
    ['a key with a wrong secret', forge(key.identifier)],
    ['an unknown key', forge(unknownIdentifier())],
  ])('verify of %s is 503 with Retry-After, never a verdict', async (_name, raw) => {
    const answer = await server.call('POST', '/v1/keys/verify', { body: { rawKey: raw } })
    expectProblem(answer, 503, 'unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.text).not.toContain('invalid')
  })

  test('a management key is 503, never 401', async () => {
    const answer = await server.call('GET', '/v1/keys', { key: manager.rawKey })
    expectProblem(answer, 503, 'unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(answer.headers.get('www-authenticate')).toBeNull()
  })

  test('garbage is refused all the same: that needs no database', async () => {
    const answer = await server.call('POST', '/v1/keys/verify', { body: { rawKey: 'garbage' } })
    expect(answer.body).toEqual({ valid: false, code: 'invalid' })
    expectProblem(await server.call('GET', '/v1/keys', { key: 'garbage' }), 401, 'invalid')
  })

  test.each([
    ['POST', '/v1/keys', { name: 'x' }],
    ['GET', '/v1/keys', undefined],
    ['POST', `/v1/keys/${key.id}/revoke`, undefined],
    ['DELETE', `/v1/keys/${key.id}`, undefined],
    ['GET', '/v1/audit', undefined],
  ])('%s %s is 503 with Retry-After', async (method, path, body) => {
    const answer = await server.call(method, path, body && { body })
    expectProblem(answer, 503, 'unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
  })

  test('it recovers without a restart, and an unknown key did not become "known to be absent" meanwhile', async () => {
    await server.call('POST', '/v1/keys/verify', { body: { rawKey } })
    fault = undefined
    expect((await server.verify(rawKey)).code).toBe('valid')
  })
})

test('a fault that nobody foresaw is a 500 that tells nothing, and is logged', async () => {
  fault = new Error('password=hunter2 at line 5')
  const answer = await server.call('POST', '/v1/keys/verify', { body: { rawKey } })
  expectProblem(answer, 500, 'internal')
  expect(answer.text).not.toContain('hunter2')
  const [line] = server.logged(answer.body.requestId ?? 'none').filter((entry) => entry.includes('hunter2'))
  expect(line).toContain('request failed')
  expect(line).not.toContain(rawKey)
})
