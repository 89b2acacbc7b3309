import { afterAll, describe, expect, test } from 'vitest'
import { routes } from '../../src/server/routes/routes.ts'
import { MANAGEMENT_ROUTES, OPEN_ROUTES } from './route-table.ts'
import { startServer } from './running-server.ts'

/** /openapi.json and /docs */

const server = await startServer()
afterAll(server.stop)

interface Schema {
  readonly $ref?: string
  readonly [keyword: string]: unknown
}
interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema: Schema
}
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: string[]
  readonly security: Record<string, string[]>[]
  readonly parameters?: Parameter[]
  readonly requestBody?: { readonly required?: boolean; readonly content: Record<string, { schema: Schema }> }
  readonly responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>
}
interface OpenApi {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: {
    readonly schemas: Record<string, Schema>
    readonly securitySchemes: Record<string, { type: string; scheme: string }>
  }
  readonly tags: { readonly name: string }[]
}

const { status, headers, body: api, text } = await server.call<OpenApi>('GET', '/openapi.json', { key: null })
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    operation,
  })),
)

/** Every object in a JSON value, with where it is. */
function* objectsOf(value: unknown, at = '#'): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [at, value as Record<string, unknown>]
  for (const [name, part] of Object.entries(value)) yield* objectsOf(part, `${at}/${name}`)
}

describe('/openapi.json', () => {
  test('is OpenAPI 3.1, for anyone', () => {
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(api.openapi).toMatch(/^3\.1\.\d+$/)
    expect(api.info.title).toBe('Keysmith')
    expect(api.info.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(Object.keys(api).sort()).toEqual(['components', 'info', 'openapi', 'paths', 'tags'])
  })

  test('lists exactly the routes that there are', () => {
    const expected = [
      ...MANAGEMENT_ROUTES.map(({ method, url }) => `${method} ${url}`),
      ...OPEN_ROUTES.filter((route) => /\/(healthz|readyz)$/.test(route)),
    ]
    expect(operations.map(({ name }) => name).sort()).toEqual(
      expected.map((route) => route.replace(':id', '{id}')).sort(),
    )
  })

  test('every reference leads somewhere, and every schema is referred to', () => {
    const used = new Set<string>()
    for (const [at, object] of objectsOf(api)) {
      if (typeof object.$ref !== 'string') continue
      const name = /^#\/components\/schemas\/([A-Za-z0-9._-]+)$/.exec(object.$ref)?.[1] ?? object.$ref
      expect(Object.keys(api.components.schemas), at).toContain(name)
      used.add(name)
    }
    expect([...used].sort()).toEqual(Object.keys(api.components.schemas).sort())
  })

  test('speaks the JSON Schema of 3.1: nothing of 3.0 or of older drafts', () => {
    for (const [at, object] of objectsOf(api.components.schemas)) {
      if (at.endsWith('/properties')) continue
      for (const old of ['nullable', 'definitions', 'id', '$id']) expect(object, at).not.toHaveProperty(old)
      for (const bound of ['exclusiveMinimum', 'exclusiveMaximum'])
        expect(typeof object[bound], at).not.toBe('boolean')
      if (typeof object.pattern === 'string')
        expect(() => new RegExp(String(object.pattern), 'u'), at).not.toThrow()
    }
  })

  describe.each(operations)('$name', ({ name, path, operation }) => {
    test('is described: summary, tag, parameters, answers', () => {
      expect(operation.summary).toMatch(/^[A-Z].*\.$/)
      expect(api.tags.map((tag) => tag.name)).toContain(operation.tags[0])
      const inPath = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(inPath.map((parameter) => `{${parameter.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? [])
      expect(inPath.every(({ required }) => required)).toBe(true)
      for (const parameter of operation.parameters ?? []) expect(parameter.schema).toBeTypeOf('object')
      const codes = Object.keys(operation.responses)
      expect(codes.some((code) => /^20[014]$/.test(code))).toBe(true)
      expect(operation.responses.default?.content).toHaveProperty(['application/problem+json'])
      for (const response of Object.values(operation.responses))
        expect(response.description).toBeTypeOf('string')
    })

    test('says what one needs to use it', () => {
      const listed = MANAGEMENT_ROUTES.find(
        (route) => `${route.method} ${route.url.replace(':id', '{id}')}` === name,
      )
      expect(operation.security).toEqual(listed ? [{ managementKey: [] }] : [])
      if (listed) expect(operation.description).toContain(`\`${listed.scope}\``)
    })
  })

  test('every operation has a name of its own, for clients that are generated', () => {
    const names = operations.map(({ operation }) => operation.operationId)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z]+([A-Z][a-z]+)*$/)
    expect(names).toEqual(expect.arrayContaining(['createKey', 'verifyKey', 'revokeKey', 'liveness']))
  })

  test('says which bodies may be left out', () => {
    const optional = operations.filter(({ operation }) => operation.requestBody?.required === false)
    expect(optional.map(({ operation }) => operation.operationId).sort()).toEqual(
      routes
        .filter(({ bodyOptional }) => bodyOptional)
        .map(({ operationId }) => operationId)
        .sort(),
    )
    expect(optional.length).toBeGreaterThan(0)
  })

  test('names the header that makes a create safe to retry', () => {
    expect(api.paths['/v1/keys']?.post?.parameters).toContainEqual(
      expect.objectContaining({ name: 'Idempotency-Key', in: 'header', required: false }),
    )
  })

  test('says which errors to expect', () => {
    expect(Object.keys(api.paths['/v1/keys/{id}']?.patch?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '400', '401', '403', '404', '409', '503', 'default']),
    )
    expect(api.components.schemas).toMatchObject({
      Verification: { properties: { code: { enum: expect.arrayContaining(['valid', 'expired']) } } },
      Problem: { properties: { code: { enum: expect.arrayContaining(['key_not_found', 'internal']) } } },
    })
  })

  // Types that are made from it (openapi-typescript) can't say that a list is a list of itself.
  test('no list is a list of itself', () => {
    const { anyOf } = api.components.schemas.ScopeRequirement as { anyOf: Schema[] }
    const lists = anyOf.filter(({ type }) => type === 'array')
    const items = lists.flatMap((list) => (list.items as { anyOf: Schema[] }).anyOf)
    expect(items).toHaveLength(3)
    for (const item of items) expect(item).not.toHaveProperty('$ref')
  })

  test('the bearer scheme is declared', () => {
    expect(api.components.securitySchemes.managementKey).toMatchObject({ type: 'http', scheme: 'bearer' })
  })

  test('names fields of create with their limits', () => {
    const { properties, required, additionalProperties } = api.components.schemas.CreateKey ?? {}
    expect(required).toEqual(['name'])
    expect(additionalProperties).toBe(false)
    expect(properties).toMatchObject({
      name: { type: 'string', minLength: 1, maxLength: 200 },
      expiresIn: { type: 'string', pattern: expect.any(String) },
      expiresAt: { format: 'date-time' },
      kind: { enum: ['user', 'service'] },
    })
  })

  test('holds nothing of this installation', () => {
    expect(text).not.toContain(server.rootKey)
    expect(text).not.toContain(server.folder)
  })
})

describe('/docs', () => {
  const get = (path: string) => server.call('GET', path, { key: null })

  test('is where the root address leads', async () => {
    const answer = await fetch(server.url, { redirect: 'manual' })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('/docs')
  })

  test.each(['/docs', '/docs/'])('%s is a page', async (path) => {
    const page = await get(path)
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    expect(page.text).toContain('Keysmith API')
  })

  test('no policy lets it load or run anything from elsewhere, or inside another page', async () => {
    for (const path of ['/docs', '/docs/', '/docs/static/swagger-initializer.js', '/docs/static/index.css']) {
      const policy = (await get(path)).headers.get('content-security-policy') ?? ''
      const directives = new Map(
        policy.split(';').map((directive) => {
          const [name = '', ...sources] = directive.trim().split(/\s+/)
          return [name, sources] as const
        }),
      )
      expect(directives.get('default-src'), path).toEqual(["'none'"])
      expect(directives.get('script-src'), path).toEqual(["'self'"])
      expect(directives.get('frame-ancestors'), path).toEqual(["'none'"])
      expect(directives.get('base-uri'), path).toEqual(["'none'"])
      const sources = [...directives.values()].flat()
      expect(
        sources.filter((source) => !["'self'", "'none'", "'unsafe-inline'", 'data:'].includes(source)),
      ).toEqual([])
      expect(directives.has('upgrade-insecure-requests'), 'a server without TLS would have no docs').toBe(
        false,
      )
    }
  })

  test('the page asks this server alone for its parts, and each is there', async () => {
    for (const path of ['/docs', '/docs/']) {
      const page = await get(path)
      const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part)
      expect(parts.length).toBeGreaterThan(4)
      for (const part of parts) {
        const address = new URL(part, server.url + path)
        expect(address.origin).toBe(server.url)
        expect((await get(address.pathname)).status, part).toBe(200)
      }
      expect(page.text).not.toMatch(/<script(?![^>]*src=)/)
    }
    const { text: script } = await get('/docs/static/swagger-initializer.js')
    expect(script).toContain('"validatorUrl":null')
    const withoutComments = script.replaceAll(/\/\/ .*$/gm, '')
    expect(withoutComments).not.toMatch(/https?:\/\//)
  })

  test.each([
    '/docs/../../package.json',
    '/docs/%2e%2e/%2e%2e/package.json',
    '/docs/static/..%2f..%2fpackage.json',
  ])('%s leads out of nothing', async (path) => {
    const answer = await server.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1.1 (404|403|400|302) /)
    expect(answer).not.toContain('"dependencies"')
  })
})
