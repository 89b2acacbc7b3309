import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { routes } from './routes/routes.ts'

// The page loads nothing from anywhere else, and no other page shows it. Its icons are data: addresses.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'", // its script sets styles
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Describes the API at `/openapi.json`, and shows it at `/docs`, from the routes' own schemas. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Keysmith',
        version,
        description: 'API keys for any service: issue, verify, rotate, suspend, revoke, audit.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      components: {
        securitySchemes: {
          managementKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'The root key, or a key with management scopes.',
          },
        },
      },
      tags: [
        { name: 'Keys', description: 'Make, verify, change and end keys.' },
        { name: 'Scopes', description: 'What permission names mean.' },
        { name: 'Records', description: 'What happened.' },
        { name: 'Health', description: 'For those who watch the server.' },
      ],
    },
    transformObject: (made) => ('openapiObject' in made ? amended(made.openapiObject) : made.swaggerObject),
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`),
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: { title: 'Keysmith API' },
    uiConfig: {
      layout: 'BaseLayout', // without a bar above that shows a logo
      docExpansion: 'list',
      validatorUrl: null,
      persistAuthorization: false,
      tryItOutEnabled: true,
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'))
}

type Json = Record<string, unknown>

/** Says what the plugin gets wrong or has no word for. */
function amended<Document extends object>(document: Document): Document {
  const { paths, components } = document as unknown as {
    paths: Record<string, Record<string, { requestBody?: Json }>>
    components: { schemas: Record<string, Json> }
  }
  for (const { url, method, bodyOptional } of routes) {
    const body = paths[url.replace(':id', '{id}')]?.[method.toLowerCase()]?.requestBody
    if (body && bodyOptional) body.required = false
  }
  // Lists in lists mean the same as one list, and types made from a schema can't follow a list of itself.
  const { anyOf } = components.schemas.ScopeRequirement as { anyOf: Json[] }
  const list = anyOf.find(({ type }) => type === 'array')
  if (list) list.items = { anyOf: anyOf.filter((choice) => choice !== list) }
  // Queries are written out as parameters: no one refers to their schemas.
  const text = JSON.stringify(document)
  for (const name of Object.keys(components.schemas))
    if (!text.includes(`"#/components/schemas/${name}"`)) delete components.schemas[name]
  return document
}
