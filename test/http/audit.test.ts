import { afterAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import {
  type AuditBody,
  expectProblem,
  fakeClock,
  type PageBody,
  SECOND,
  startServer,
} from './running-server.ts'

/** GET /v1/audit, GET /v1/keys/{id}/audit */

const clock = fakeClock()
const server = await startServer({ clock })
afterAll(server.stop)

const list = async (path: string) => {
  const answer = await server.call<PageBody<AuditBody>>('GET', path)
  expect(answer.status, answer.text).toBe(200)
  return answer.body.items
}

test('an event says what was done, to which key, by whom, when, and with which request', async () => {
  const manager = await server.createManager(['keysmith', 'read'], 'acme')
  const asManager = { key: manager.rawKey, headers: { 'user-agent': 'robot/1.0' } }
  const { key } = await server.create({ name: 'watched', scopes: ['read'] }, asManager)
  const [event, ...others] = await list(`/v1/keys/${key.id}/audit`)
  expect(others).toEqual([])
  expect(event).toEqual({
    id: expect.stringMatching(/^aaud_/),
    tenantId: 'acme',
    appId: 'default',
    action: 'key.created',
    keyId: key.id,
    actor: { type: 'management_key', id: manager.key.id },
    request: { path: '/v1/keys', method: 'POST', status: 201, ip: '127.0.0.1', userAgent: 'robot/1.0' },
    extra: { identifier: key.identifier, name: 'watched', scopes: ['read'] },
    createdAt: new Date(clock()).toISOString(),
  })
})

test('every change of a key leaves one event, with the path and status of its request', async () => {
  const { key } = await server.create({ scopes: ['a'] })
  const at = `/v1/keys/${key.id}`
  const steps: [method: string, path: string, body: object | undefined, action: string, status: number][] = [
    ['PATCH', at, { name: 'new name' }, 'key.updated', 200],
    ['POST', `${at}/scopes`, { scopes: ['b'] }, 'key.scopes_assigned', 200],
    ['DELETE', `${at}/scopes`, { scopes: ['a'] }, 'key.scopes_removed', 200],
    ['POST', `${at}/rotate`, { reason: 'scheduled' }, 'key.rotated', 200],
    ['POST', `${at}/suspend`, undefined, 'key.suspended', 200],
    ['POST', `${at}/reactivate`, undefined, 'key.reactivated', 200],
    ['POST', `${at}/revoke`, { reason: 'leaked' }, 'key.revoked', 200],
    ['POST', `${at}/purge`, undefined, 'key.purged', 200],
    ['DELETE', at, undefined, 'key.deleted', 204],
  ]
  for (const [method, path, body] of steps) {
    clock.advance(SECOND)
    const { status } = await server.call(method, path, body && { body })
    expect(status).toBeLessThan(300)
  }
  const events = await list(`${at}/audit`)
  expect(
    events.map(({ action, request: { method, path, status } }) => [method, path, action, status]),
  ).toEqual(
    [
      ['POST', '/v1/keys', 'key.created', 201],
      ...steps.map(([method, path, , action, status]) => [method, path, action, status]),
    ].reverse(),
  )
  expect(events.every(({ actor }) => actor?.type === 'root' && actor.id === 'root')).toBe(true)
})

test('what changes nothing leaves no event', async () => {
  const { key, rawKey } = await server.create()
  await server.verify(rawKey)
  await server.call('GET', `/v1/keys/${key.id}`)
  await server.call('POST', `/v1/keys/${key.id}/reactivate`)
  await server.call('PATCH', `/v1/keys/${key.id}`, { body: {} })
  await server.call('PATCH', `/v1/keys/${key.id}`, { body: { name: '' } })
  expect(await list(`/v1/keys/${key.id}/audit`)).toHaveLength(1)
})

test('a user agent is cut, and a query is not kept', async () => {
  const { key } = await server.create()
  await server.call('POST', `/v1/keys/${key.id}/revoke`, { headers: { 'user-agent': 'a'.repeat(1_000) } })
  const [event] = await list(`/v1/keys/${key.id}/audit`)
  expect(event?.request.userAgent).toBe('a'.repeat(256))
  expect(event?.request.path).toBe(`/v1/keys/${key.id}/revoke`)
})

test('a forwarded-for header does not change the address that is recorded', async () => {
  const { key } = await server.create({}, { headers: { 'x-forwarded-for': '6.6.6.6' } })
  const [event] = await list(`/v1/keys/${key.id}/audit`)
  expect(event?.request.ip).toBe('127.0.0.1')
})

describe('filters', async () => {
  const place = { tenantId: 'filters' }
  const manager = await server.createManager(['keysmith'], 'filters')
  clock.advance(SECOND)
  const { key } = await server.create(place)
  clock.advance(SECOND)
  const from = new Date(clock()).toISOString()
  await server.call('POST', `/v1/keys/${key.id}/suspend`, { key: manager.rawKey })
  clock.advance(SECOND)
  await server.revoke(key.id)
  const actions = async (query: string) =>
    (await list(`/v1/audit?tenantId=filters&${query}`)).map(({ action }) => action)

  test.each([
    ['limit=3', ['key.revoked', 'key.suspended', 'key.created']],
    ['action=key.revoked', ['key.revoked']],
    [`keyId=${key.id}&action=key.created`, ['key.created']],
    [`keyId=${key.identifier}`, ['key.revoked', 'key.suspended', 'key.created']],
    [`actorId=${manager.key.id}`, ['key.suspended']],
    [`from=${from}`, ['key.revoked', 'key.suspended']],
    [`to=${from}`, ['key.created', 'key.created']],
    ['action=key.unknown', []],
  ])('?%s', async (query, expected) => {
    expect(await actions(query)).toEqual(expected)
  })

  test('page by page, each event once', async () => {
    const items = await server.all<AuditBody>('/v1/audit?tenantId=filters&limit=1')
    const seen = items.map(({ id }) => id)
    expect(new Set(seen).size).toBe(4)
    expect(seen).toHaveLength(4)
  })

  test('400 and 404', async () => {
    for (const query of ['action=', 'from=x', 'keyID=x', 'limit=0']) {
      expectProblem(await server.call('GET', `/v1/audit?${query}`), 400, 'invalid_request')
    }
    expectProblem(await server.call('GET', '/v1/audit?keyId=none'), 404, 'key_not_found')
    expectProblem(await server.call('GET', `/v1/keys/${newId('key')}/audit`), 404, 'key_not_found')
  })
})

test('no one can write to the trail over HTTP', async () => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    expectProblem(await server.call(method, '/v1/audit'), 405, 'method_not_allowed')
  }
})
