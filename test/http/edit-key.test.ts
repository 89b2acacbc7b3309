import { afterAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { unknownIdentifier } from '../forge.ts'
import {
  type AuditBody,
  expectProblem,
  fakeClock,
  type KeyBody,
  type PageBody,
  SECOND,
  startServer,
} from './running-server.ts'

/** GET, PATCH and DELETE /v1/keys/{id}, POST and DELETE /v1/keys/{id}/scopes */

const clock = fakeClock()
const server = await startServer({ clock, availableScopes: ['read', 'write', 'admin:users'] })
afterAll(server.stop)

type Answered = { readonly key: KeyBody }
const edit = (id: string, body: unknown) => server.call<Answered>('PATCH', `/v1/keys/${id}`, { body })
const refused = (id: string, body: unknown) => server.call('PATCH', `/v1/keys/${id}`, { body })
const scopes = (method: 'POST' | 'DELETE', id: string, names: unknown) =>
  server.call<Answered>(method, `/v1/keys/${id}/scopes`, { body: { scopes: names } })

describe('GET', () => {
  test('200 by id and by identifier', async () => {
    const { key } = await server.create()
    for (const reference of [key.id, key.identifier]) {
      const { status, body } = await server.call<Answered>('GET', `/v1/keys/${reference}`)
      expect(status).toBe(200)
      expect(body).toEqual({ key })
    }
  })

  test.each([newId('key'), unknownIdentifier(), 'x', '%00', '%F0%9F%94%91', "'%20or%201=1"])(
    '404 for %s',
    async (id) => {
      expectProblem(await server.call('GET', `/v1/keys/${id}`), 404, 'key_not_found')
    },
  )

  test('an expired key is shown as such, and no job has run', async () => {
    const { key } = await server.create({ expiresIn: '1s' })
    clock.advance(SECOND)
    expect((await server.call<Answered>('GET', `/v1/keys/${key.id}`)).body.key.state).toBe('expired')
  })
})

describe('PATCH', () => {
  test('200: changes what is given, keeps the rest', async () => {
    const { key } = await server.create({
      name: 'before',
      metadata: { a: 1 },
      scopes: ['read'],
      ownerId: 'ann',
    })
    clock.advance(SECOND)
    const { status, body } = await edit(key.identifier, { name: 'after', ownerId: null, metadata: { b: 2 } })
    expect(status).toBe(200)
    const updatedAt = new Date(clock()).toISOString()
    expect(body.key).toEqual({
      ...key,
      name: 'after',
      ownerId: null,
      metadata: { b: 2 },
      updatedAt,
      version: 2,
    })
    expect((await server.call<Answered>('GET', `/v1/keys/${key.id}`)).body).toEqual(body)
  })

  test('200: an empty body changes nothing', async () => {
    const { key } = await server.create()
    expect((await edit(key.id, {})).body.key).toEqual(key)
  })

  test('an expiry can be set, moved and taken away, and counts at once', async () => {
    const { key, rawKey } = await server.create({ expiresIn: '1h' })
    await edit(key.id, { expiresAt: new Date(clock() + SECOND).toISOString() })
    clock.advance(SECOND)
    expect((await server.verify(rawKey)).code).toBe('expired')
    await edit(key.id, { expiresAt: null })
    expect((await server.verify(rawKey)).code).toBe('valid')
  })

  test('scopes are replaced, and count at the next verify', async () => {
    const { key, rawKey } = await server.create({ scopes: ['read'] })
    expect((await edit(key.id, { scopes: ['write'] })).body.key.scopes).toEqual(['write'])
    expect((await server.verify(rawKey, { scopes: 'read' })).code).toBe('insufficient_scope')
    expect((await server.verify(rawKey, { scopes: 'write' })).code).toBe('valid')
  })

  test.each([
    ['an unknown field', { colour: 'red' }],
    ['a state', { state: 'active' }],
    ['a name of null', { name: null }],
    ['a past expiry', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['expiresIn', { expiresIn: '1h' }],
    ['a list', []],
  ])('400 for %s', async (_name, body) => {
    const { key } = await server.create()
    expectProblem(await refused(key.id, body), 400, 'invalid_request')
  })

  test('400 for a scope that is not available here', async () => {
    const { key } = await server.create()
    expectProblem(await refused(key.id, { scopes: ['admin'] }), 400, 'scope_not_available')
    expect((await refused(key.id, { scopes: ['admin:users:list'] })).status).toBe(200)
  })

  test('404 for a key that does not exist, and for a policy', async () => {
    expectProblem(await refused(newId('key'), { name: 'x' }), 404, 'key_not_found')
    const { key } = await server.create()
    expectProblem(await refused(key.id, { policyId: 'apol_x' }), 404, 'policy_not_found')
  })

  test.each(['revoke', 'purge'])('409 after %s', async (change) => {
    const { key } = await server.create()
    await server.call('POST', `/v1/keys/${key.id}/${change}`)
    expectProblem(await refused(key.id, { name: 'x' }), 409, 'invalid_transition')
  })

  test('20 concurrent changes are all made, one after the other', async () => {
    const { key } = await server.create()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => edit(key.id, { description: `${index}` })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(new Set(answers.map(({ body }) => body.key.version)).size).toBe(20)
  })
})

describe('DELETE', () => {
  test('204: the key is gone, its raw key invalid, its trail stays', async () => {
    const { key, rawKey } = await server.create()
    const answer = await server.call('DELETE', `/v1/keys/${key.id}`)
    expect(answer.status).toBe(204)
    expect(answer.text).toBe('')
    expect(await server.verify(rawKey)).toEqual({ valid: false, code: 'invalid' })
    expectProblem(await server.call('GET', `/v1/keys/${key.id}`), 404, 'key_not_found')
    expectProblem(await server.call('DELETE', `/v1/keys/${key.id}`), 404, 'key_not_found')
    const { body } = await server.call<PageBody<AuditBody>>('GET', `/v1/keys/${key.id}/audit`)
    expect(body.items.map(({ action }) => action)).toEqual(['key.deleted', 'key.created'])
  })

  test('204 in any state', async () => {
    for (const change of ['suspend', 'revoke', 'purge']) {
      const { key } = await server.create()
      await server.call('POST', `/v1/keys/${key.id}/${change}`)
      expect((await server.call('DELETE', `/v1/keys/${key.id}`)).status).toBe(204)
    }
  })

  test('a body is not needed, and an empty JSON body does no harm', async () => {
    const { key } = await server.create()
    const { status } = await server.call('DELETE', `/v1/keys/${key.id}`, {
      headers: { 'content-type': 'application/json' },
    })
    expect(status).toBe(204)
  })
})

describe('scopes', () => {
  test('are added, each once, and taken away, by their exact names', async () => {
    const { key, rawKey } = await server.create({ scopes: ['read'] })
    expect((await scopes('POST', key.id, ['write', 'read'])).body.key.scopes).toEqual(['read', 'write'])
    expect((await server.verify(rawKey, { scopes: ['read', 'write'] })).valid).toBe(true)
    const { status, body } = await scopes('DELETE', key.identifier, ['read', 'not-held'])
    expect(status).toBe(200)
    expect(body.key.scopes).toEqual(['write'])
    expect((await server.verify(rawKey, { scopes: 'read' })).code).toBe('insufficient_scope')
  })

  test.each([
    ['none', []],
    ['a text', 'read'],
    ['nothing', undefined],
    ['a space', ['a b']],
  ])('400 for %s', async (_name, names) => {
    const { key } = await server.create()
    for (const method of ['POST', 'DELETE']) {
      const answer = await server.call(method, `/v1/keys/${key.id}/scopes`, { body: { scopes: names } })
      expectProblem(answer, 400, 'invalid_request')
    }
  })

  test('400 for one that is not available, 404 without a key, 409 when revoked', async () => {
    const { key } = await server.create()
    const body = { scopes: ['read'] }
    const unavailable = { body: { scopes: ['fly'] } }
    expectProblem(
      await server.call('POST', `/v1/keys/${key.id}/scopes`, unavailable),
      400,
      'scope_not_available',
    )
    expectProblem(await server.call('POST', `/v1/keys/x/scopes`, { body }), 404, 'key_not_found')
    await server.revoke(key.id)
    for (const method of ['POST', 'DELETE']) {
      expectProblem(
        await server.call(method, `/v1/keys/${key.id}/scopes`, { body }),
        409,
        'invalid_transition',
      )
    }
  })
})
