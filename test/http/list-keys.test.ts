import { afterAll, describe, expect, test } from 'vitest'
import {
  expectProblem,
  fakeClock,
  type KeyBody,
  type PageBody,
  SECOND,
  startServer,
} from './running-server.ts'

/** GET /v1/keys */

const clock = fakeClock()
const server = await startServer({ clock })
afterAll(server.stop)

const list = async (query = '') => {
  const answer = await server.call<PageBody<KeyBody>>('GET', `/v1/keys?${query}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
const names = async (query: string) => (await list(query)).items.map(({ name }) => name)

describe('filters', async () => {
  const place = { tenantId: 'filters' }
  await server.create({ ...place, name: 'Alpha', ownerId: 'ann', environment: 'test' })
  await server.create({ ...place, name: 'Beta', ownerId: 'bob' })
  const gone = await server.create({ ...place, name: 'Gamma', ownerId: 'ann' })
  await server.revoke(gone.key.id)
  const paused = await server.create({ ...place, name: 'Delta', appId: 'shop' })
  await server.call('POST', `/v1/keys/${paused.key.id}/suspend`)
  const retired = await server.create({ ...place, name: 'Epsilon' })
  await server.call('POST', `/v1/keys/${retired.key.id}/purge`)
  await server.create({ ...place, name: '100%_sure', expiresIn: '1s' })
  clock.advance(SECOND)

  test.each([
    ['tenantId=filters', ['100%_sure', 'Epsilon', 'Delta', 'Gamma', 'Beta', 'Alpha']],
    ['tenantId=filters&state=active', ['Beta', 'Alpha']],
    ['tenantId=filters&state=revoked', ['Gamma']],
    ['tenantId=filters&state=suspended', ['Delta']],
    ['tenantId=filters&state=purged', ['Epsilon']],
    ['tenantId=filters&state=expired', ['100%_sure']],
    ['tenantId=filters&environment=test', ['Alpha']],
    ['tenantId=filters&ownerId=ann', ['Gamma', 'Alpha']],
    ['tenantId=filters&ownerId=ann&state=active', ['Alpha']],
    ['tenantId=filters&appId=shop', ['Delta']],
    ['tenantId=filters&q=ETA', ['Beta']],
    ['tenantId=filters&q=%25_', ['100%_sure']],
    ['tenantId=filters&q=%25', ['100%_sure']],
    ['tenantId=filters&q=zzz', []],
    ['tenantId=filters&policyId=none', []],
    ['tenantId=nobody', []],
  ])('?%s', async (query, expected) => {
    expect(await names(query)).toEqual(expected)
  })

  test('by identifier, and by a part of it', async () => {
    expect(await names(`identifier=${gone.key.identifier}`)).toEqual(['Gamma'])
    expect(await names(`q=${gone.key.identifier.slice(-10)}`)).toEqual(['Gamma'])
    expect(await names(`identifier=${gone.key.identifier.slice(0, -1)}`)).toEqual([])
  })
})

describe('250 keys', async () => {
  const made: string[] = []
  for (let index = 0; index < 250; index++) {
    // Many share a millisecond: the order must be total all the same.
    if (index % 100 === 0) clock.advance(1)
    made.push((await server.create({ tenantId: 'many', name: `key ${index}` })).key.id)
  }
  const newestFirst = made.toReversed()

  const walk = async (limit: number) =>
    (await server.all<KeyBody>(`/v1/keys?tenantId=many&limit=${limit}`)).map(({ id }) => id)

  test.each([7, 50, 100])('pages of %i visit each key once', async (limit) => {
    const seen = await walk(limit)
    expect(seen).toHaveLength(250)
    expect(new Set(seen)).toEqual(new Set(made))
  })

  test('come the newest first', async () => {
    const { items } = await list('tenantId=many&limit=100')
    const times = items.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().reverse())
    expect(items[0]?.createdAt).toBe(new Date(clock()).toISOString())
  })

  test('a key that is created meanwhile moves none to another page', async () => {
    const first = await list('tenantId=many&limit=100')
    clock.advance(1)
    const late = await server.create({ tenantId: 'many', name: 'late' })
    const second = await list(`tenantId=many&limit=100&cursor=${first.nextCursor}`)
    const third = await list(`tenantId=many&limit=100&cursor=${second.nextCursor}`)
    const seen = [first, second, third].flatMap(({ items }) => items.map(({ id }) => id))
    expect(seen).toHaveLength(250)
    expect(new Set(seen)).toEqual(new Set(newestFirst))
    await server.call('DELETE', `/v1/keys/${late.key.id}`)
  })

  test('come 50 at a time when no limit is given', async () => {
    expect((await list('tenantId=many')).items).toHaveLength(50)
  })

  test('can be read by offset', async () => {
    const all = await walk(100)
    const page = await list('tenantId=many&limit=20&offset=240')
    expect(page.items.map(({ id }) => id)).toEqual(all.slice(240))
    expect(page.nextCursor).toBeNull()
    expect((await list('tenantId=many&offset=250')).items).toEqual([])
  })

  test('a last page that is just full has no page after it', async () => {
    const page = await list('tenantId=many&limit=50&offset=200')
    expect(page.items).toHaveLength(50)
    expect(page.nextCursor).toBeNull()
  })
})

test.each(['limit=1', 'limit=100', 'offset=0', 'offset=1000000'])('200: ?%s', async (query) => {
  await list(query)
})

test.each(['limit=0', 'limit=101', 'offset=-1', 'state=unknown', 'environment=A', 'q=', 'order=asc'])(
  '400: ?%s',
  async (query) => {
    expectProblem(await server.call('GET', `/v1/keys?${query}`), 400, 'invalid_request')
  },
)

test('no list shows a hash', async () => {
  const { text } = await server.call('GET', '/v1/keys?limit=100')
  expect(text).not.toMatch(/sha256|hash|credential|lookup/)
})
