import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'

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
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`),
    },
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: { title: 'Keysmith API' },
    uiConfig: {
      docExpansion: 'list',
      validatorUrl: null,
      persistAuthorization: false,
      tryItOutEnabled: true,
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
}
