import { afterAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import {
  type AuditBody,
  expectProblem,
  fakeClock,
  type KeyBody,
  type PageBody,
  SECOND,
  startServer,
} from './running-server.ts'

/** POST /v1/keys/{id}/revoke, suspend, reactivate and purge */

const clock = fakeClock()
const server = await startServer({ clock })
afterAll(server.stop)

const CHANGES = ['suspend', 'reactivate', 'revoke', 'purge'] as const
type Change = (typeof CHANGES)[number]
const change = (id: string, to: Change, body?: object) =>
  server.call<{ key: KeyBody }>('POST', `/v1/keys/${id}/${to}`, body && { body })

const STATE = { suspend: 'suspended', reactivate: 'active', revoke: 'revoked', purge: 'purged' } as const
const ACTION = {
  suspend: 'key.suspended',
  reactivate: 'key.reactivated',
  revoke: 'key.revoked',
  purge: 'key.purged',
} as const
const VERIFIES_AS = {
  active: 'valid',
  suspended: 'suspended',
  revoked: 'revoked',
  purged: 'revoked',
} as const

type State = keyof typeof VERIFIES_AS
const ROADS: Record<State, Partial<Record<Change, State>>> = {
  active: { suspend: 'suspended', reactivate: 'active', revoke: 'revoked', purge: 'purged' },
  suspended: { suspend: 'suspended', reactivate: 'active', revoke: 'revoked', purge: 'purged' },
  revoked: { revoke: 'revoked', purge: 'purged' },
  purged: { purge: 'purged' },
}

async function keyIn(state: State) {
  const created = await server.create()
  const way = CHANGES.find((name) => STATE[name] === state)
  if (way && state !== 'active') expect((await change(created.key.id, way)).status).toBe(200)
  return created
}

const CASES = (Object.keys(ROADS) as State[]).flatMap((from) =>
  CHANGES.map((to) => ({ from, to, state: ROADS[from][to] })),
)

describe.each(CASES.filter(({ state }) => state !== undefined))(
  '$to of a key that is $from',
  ({ from, to, state }) => {
    test(`200: it is ${state}, and verifies as that`, async () => {
      const { key, rawKey } = await keyIn(from)
      clock.advance(SECOND)
      const { status, body } = await change(key.identifier, to, { reason: 'because' })
      expect(status).toBe(200)
      expect(body.key).toMatchObject({ id: key.id, state })
      expect((await server.verify(rawKey)).code).toBe(VERIFIES_AS[state ?? 'active'])
      if (from === state) return
      expect(body.key).toMatchObject({
        stateReason: 'because',
        stateChangedAt: new Date(clock()).toISOString(),
      })
      const trail = await server.call<PageBody<AuditBody>>('GET', `/v1/keys/${key.id}/audit?limit=1`)
      expect(trail.body.items[0]).toMatchObject({ action: ACTION[to], extra: { from, reason: 'because' } })
    })

    test('200 again, and nothing more is recorded', async () => {
      const { key } = await keyIn(from)
      const first = await change(key.id, to)
      const again = await change(key.id, to, { reason: 'twice' })
      expect(again.status).toBe(200)
      expect(again.body).toEqual(first.body)
    })
  },
)

describe.each(CASES.filter(({ state }) => state === undefined))(
  '$to of a key that is $from',
  ({ from, to }) => {
    test('409: it stays as it is', async () => {
      const { key, rawKey } = await keyIn(from)
      const answer = await server.call('POST', `/v1/keys/${key.id}/${to}`)
      expectProblem(answer, 409, 'invalid_transition')
      expect(answer.body.detail).toContain(from)
      expect((await server.verify(rawKey)).code).toBe('revoked')
    })
  },
)

test('a key that is suspended past its expiry is suspended, then expired', async () => {
  const { key, rawKey } = await server.create({ expiresIn: '1s' })
  await change(key.id, 'suspend')
  clock.advance(SECOND)
  expect((await server.verify(rawKey)).code).toBe('suspended')
  await change(key.id, 'reactivate')
  expect((await server.verify(rawKey)).code).toBe('expired')
})

test('an expired key can be revoked', async () => {
  const { key, rawKey } = await server.create({ expiresIn: '1s' })
  clock.advance(SECOND)
  expect((await change(key.id, 'revoke')).body.key.state).toBe('revoked')
  expect((await server.verify(rawKey)).code).toBe('revoked')
})

test('20 revocations at once are one', async () => {
  const { key } = await server.create()
  const answers = await Promise.all(Array.from({ length: 20 }, () => change(key.id, 'revoke')))
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  const { body } = await server.call<PageBody<AuditBody>>('GET', `/v1/keys/${key.id}/audit`)
  expect(body.items.map(({ action }) => action)).toEqual(['key.revoked', 'key.created'])
})

test('a revocation that comes with garbage in its headers is made all the same', async () => {
  const { key, rawKey } = await server.create()
  const headers = { 'x-forwarded-for': 'garbage, 999.1.1.1', 'user-agent': `${'é'.repeat(1_000)}` }
  const { status } = await server.call('POST', `/v1/keys/${key.id}/revoke`, { headers })
  expect(status).toBe(200)
  expect((await server.verify(rawKey)).code).toBe('revoked')
})

describe.each(CHANGES)('%s', (to) => {
  test.each([
    ['an unknown field', { why: 'x' }],
    ['a reason that is a number', { reason: 1 }],
    ['an empty reason', { reason: '' }],
    ['a reason of 501 characters', { reason: 'x'.repeat(501) }],
    ['a reason of two lines', { reason: 'a\nb' }],
  ])('400 for %s', async (_name, body) => {
    const { key } = await server.create()
    expectProblem(await server.call('POST', `/v1/keys/${key.id}/${to}`, { body }), 400, 'invalid_request')
  })

  test('404 for a key that does not exist', async () => {
    expectProblem(await server.call('POST', `/v1/keys/${newId('key')}/${to}`), 404, 'key_not_found')
  })
})
