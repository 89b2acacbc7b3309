import { afterAll, describe, expect, test } from 'vitest'
import type { Scope } from '../../src/core/scopes.ts'
import {
  type AuditBody,
  expectProblem,
  fakeClock,
  type PageBody,
  startServer,
  type Wire,
} from './running-server.ts'

/** The registry: /v1/scopes and /v1/scopes/{name} */

const clock = fakeClock()
const server = await startServer({ clock })
afterAll(server.stop)

type ScopeBody = Wire<Scope>
type Answered = { readonly scope: ScopeBody }
const create = (body: object) => server.call<Answered>('POST', '/v1/scopes', { body })

describe('POST', () => {
  test('201', async () => {
    const { status, body } = await create({ name: 'read:users', description: 'See users.' })
    expect(status).toBe(201)
    expect(body.scope).toEqual({
      id: expect.stringMatching(/^ascp_/),
      tenantId: 'default',
      appId: 'default',
      name: 'read:users',
      description: 'See users.',
      createdAt: new Date(clock()).toISOString(),
    })
  })

  test('409 for a name that is there; another tenant has its own', async () => {
    await create({ name: 'twice' })
    expectProblem(await server.call('POST', '/v1/scopes', { body: { name: 'twice' } }), 409, 'scope_exists')
    expect((await create({ name: 'twice', tenantId: 'other' })).status).toBe(201)
  })

  test.each([
    [{}],
    [{ name: '' }],
    [{ name: 'a b' }],
    [{ name: 'x', grants: 'all' }],
    [{ name: 'x', description: 1 }],
  ])('400 for %j', async (body) => {
    expectProblem(await server.call('POST', '/v1/scopes', { body }), 400, 'invalid_request')
  })
})

test('GET: 200 by name, 404 for one that is not there', async () => {
  const { body } = await create({ name: 'files/read.all-1' })
  const found = await server.call<Answered>('GET', `/v1/scopes/${encodeURIComponent('files/read.all-1')}`)
  expect(found.body).toEqual(body)
  expectProblem(await server.call('GET', '/v1/scopes/none'), 404, 'scope_not_found')
})

test('GET of all: page by page, the newest first, each once', async () => {
  const made: string[] = []
  for (let index = 0; index < 12; index++) {
    clock.advance(1)
    made.unshift((await create({ name: `s${index}`, tenantId: 'list' })).body.scope.name)
  }
  const seen = await server.all<ScopeBody>('/v1/scopes?tenantId=list&limit=5')
  expect(seen.map(({ name }) => name)).toEqual(made)
  const offset = await server.call<PageBody<ScopeBody>>('GET', '/v1/scopes?tenantId=list&limit=5&offset=10')
  expect(offset.body.items.map(({ name }) => name)).toEqual(made.slice(10))
})

test('PATCH: 200 changes what it means, 400 changes no name, 404', async () => {
  await create({ name: 'vague' })
  const body = { description: 'Clear.' }
  const { status } = await server.call('PATCH', '/v1/scopes/vague', { body })
  expect(status).toBe(200)
  expect((await server.call<Answered>('GET', '/v1/scopes/vague')).body.scope.description).toBe('Clear.')
  for (const wrong of [{}, { name: 'other' }, { description: null }]) {
    expectProblem(await server.call('PATCH', '/v1/scopes/vague', { body: wrong }), 400, 'invalid_request')
  }
  expectProblem(await server.call('PATCH', '/v1/scopes/none', { body }), 404, 'scope_not_found')
})

describe('DELETE', () => {
  test('409 while a key holds it, 204 when none does, then 404', async () => {
    await create({ name: 'held' })
    const { key } = await server.create({ scopes: ['held'] })
    expectProblem(await server.call('DELETE', '/v1/scopes/held'), 409, 'scope_in_use')
    await server.call('DELETE', `/v1/keys/${key.id}/scopes`, { body: { scopes: ['held'] } })
    expect((await server.call('DELETE', '/v1/scopes/held')).status).toBe(204)
    expectProblem(await server.call('DELETE', '/v1/scopes/held'), 404, 'scope_not_found')
  })

  test('a key with a longer scope, or of another tenant, does not hold it', async () => {
    await create({ name: 'part' })
    await server.create({ scopes: ['part:of', 'a:part', 'Part'] })
    await server.create({ scopes: ['part'], tenantId: 'other' })
    expect((await server.call('DELETE', '/v1/scopes/part')).status).toBe(204)
  })
})

test('what is done to the registry is in the audit trail', async () => {
  const place = { tenantId: 'trail' }
  await create({ ...place, name: 'traced' })
  clock.advance(1)
  const manager = await server.createManager(['keysmith:scopes'], 'trail')
  await server.call('PATCH', '/v1/scopes/traced', { key: manager.rawKey, body: { description: 'x' } })
  clock.advance(1)
  await server.call('DELETE', '/v1/scopes/traced', { key: manager.rawKey })
  const { body } = await server.call<PageBody<AuditBody>>('GET', '/v1/audit?tenantId=trail')
  const scopes = body.items.filter(({ action }) => action.startsWith('scope.'))
  expect(scopes.map(({ action, extra }) => [action, extra.scope])).toEqual([
    ['scope.deleted', 'traced'],
    ['scope.updated', 'traced'],
    ['scope.created', 'traced'],
  ])
})
