import { afterAll, describe, expect, test } from 'vitest'
import { MANAGEMENT_SCOPES } from '../../src/server/management.ts'
import { routes } from '../../src/server/routes/routes.ts'
import { forge, unknownIdentifier } from '../forge.ts'
import { MANAGEMENT_ROUTES, OPEN_ROUTES } from './route-table.ts'
import { expectProblem, startServer } from './running-server.ts'

const server = await startServer()
afterAll(server.stop)

const target = await server.create({ name: 'target' })
const customer = await server.create({ name: 'a customer with every scope', scopes: ['*'] })
const at = (url: string) => url.replace(':id', target.key.id)

/** Every method and address that the server answers to, as Fastify says. */
function servedRoutes(): string[] {
  const served: string[] = []
  const parents: string[] = []
  for (const line of server.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const match = /^([│├└─\s]*)(\S+) \(([A-Z, ]+)\)$/.exec(line)
    if (!match) continue
    const [, indent = '', part = '', methods = ''] = match
    const depth = indent.length / 4
    parents[depth] = part
    const url = parents.slice(0, depth + 1).join('')
    served.push(...methods.split(', ').map((method) => `${method} ${url.replaceAll('//', '/')}`))
  }
  return served
}

test('every route of the server was reviewed, or refuses its method', async () => {
  const reviewed = new Set([
    ...MANAGEMENT_ROUTES.map(({ method, url }) => `${method} ${url}`),
    ...OPEN_ROUTES,
  ])
  const served = servedRoutes()
  expect(served.length).toBeGreaterThan(60)
  for (const route of reviewed) expect(served, route).toContain(route)
  const rest = served.filter((route) => !reviewed.has(route) && !reviewed.has(route.replace('HEAD', 'GET')))
  for (const route of rest) {
    const [method = '', url = ''] = route.split(' ')
    const { status } = await server.call(method, at(url))
    expect(`${status} for ${route}`).toBe(`405 for ${route}`)
  }
})

test('the reviewed list says the same as the routes themselves', () => {
  const declared = routes
    .filter(({ scope }) => scope !== null)
    .map(({ method, url, scope }) => `${method} ${url} ${scope}`)
  expect(declared.sort()).toEqual(
    MANAGEMENT_ROUTES.map(({ method, url, scope }) => `${method} ${url} ${scope}`).sort(),
  )
  const open = routes.filter(({ scope }) => scope === null).map(({ method, url }) => `${method} ${url}`)
  expect(open).toEqual(['GET /healthz', 'GET /readyz'])
})

test('every management scope is needed somewhere', () => {
  expect(new Set(MANAGEMENT_ROUTES.map(({ scope }) => scope))).toEqual(new Set(MANAGEMENT_SCOPES))
})

describe.each(MANAGEMENT_ROUTES)('$method $url', ({ method, url, scope, body }) => {
  const call = (key: string | null, headers?: Record<string, string>) =>
    server.call(method, at(url), { key, ...(body && { body }), ...(headers && { headers }) })

  test('asks who calls when no credentials are sent', async () => {
    const answer = await call(null)
    expectProblem(answer, 401, 'missing_credentials')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="keysmith"')
  })

  test.each([
    ['garbage', 'garbage'],
    ['a root key with one character more', `${server.rootKey}x`],
    ['a well-formed raw key that nobody has', forge(unknownIdentifier())],
  ])('refuses %s', async (_name, key) => {
    const answer = await call(key)
    expectProblem(answer, 401, 'invalid')
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="keysmith", error="invalid_token"')
  })

  test('asks who calls when the credentials are of another kind', async () => {
    expectProblem(await call(null, { authorization: 'Basic cm9vdDpyb290' }), 401, 'missing_credentials')
  })

  test(`refuses a key that holds every management scope but ${scope}`, async () => {
    const others = MANAGEMENT_SCOPES.filter((other) => other !== scope)
    const answer = await call((await server.createManager(others)).rawKey)
    expectProblem(answer, 403, 'insufficient_scope')
    expect(answer.body.detail).toContain(scope)
  })

  test('refuses a key with every scope of the customer, *', async () => {
    expectProblem(await call(customer.rawKey), 403, 'insufficient_scope')
  })

  test(`lets in a key that holds ${scope} alone`, async () => {
    const { rawKey } = await server.createManager([scope])
    const { status, text } = await server.call(method, url.replace(':id', 'none_that_exists'), {
      key: rawKey,
      ...(body && { body }),
    })
    expect([200, 201, 404], text).toContain(status)
  })
})

describe.each(MANAGEMENT_ROUTES.filter(({ changes }) => changes))('$method $url', ({ url }) => {
  test('can not be reached with a method that should change nothing', async () => {
    const own = MANAGEMENT_ROUTES.filter((route) => route.url === url).map((route) => route.method as string)
    const others = ['GET', 'HEAD', 'PUT'].filter((name) => !own.includes(name === 'HEAD' ? 'GET' : name))
    for (const other of others) {
      const answer = await server.call(other, at(url))
      expect(answer.status, other).toBe(405)
      expect(answer.headers.get('allow')?.split(', ').sort(), other).toEqual(own.sort())
      if (other !== 'HEAD') expectProblem(answer, 405, 'method_not_allowed')
    }
  })
})

test('no refused call has changed anything', async () => {
  const { body } = await server.call<{ key: object }>('GET', `/v1/keys/${target.key.id}`)
  expect(body.key).toEqual(target.key)
})
