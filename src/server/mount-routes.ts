import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from 'fastify'
import type { Keysmith } from '../engine/surface.ts'
import type { Identify, Manager } from './management.ts'
import { HttpError, PROBLEM_TYPE } from './problem.ts'
import { requestSchemas } from './request-schemas.ts'
import { responseSchemas } from './response-schemas.ts'
import type { Route } from './route.ts'
import { routes } from './routes/routes.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on routes that anyone may call. */
    manager: Manager | null
  }
}

/** Makes Fastify's routes of ours. */
export function mountRoutes(app: FastifyInstance, keysmith: Keysmith, identify: Identify): void {
  for (const schema of [...requestSchemas(), ...responseSchemas()]) app.addSchema(schema)
  app.decorateRequest('manager', null)
  for (const route of routes) app.route(toFastifyRoute(route, keysmith, identify))
  for (const [url, methods] of otherMethods()) app.route(refusal(url, methods))
}

function toFastifyRoute(route: Route, keysmith: Keysmith, identify: Identify): RouteOptions {
  const { method, url, scope, body, query, status, answer } = route
  return {
    method,
    url,
    schema: {
      tags: [route.tag],
      summary: route.summary,
      ...(scope
        ? { description: `Needs the management scope \`${scope}\`.`, security: [{ managementKey: [] }] }
        : { security: [] }),
      ...(url.includes(':id') && { params: PARAMS }),
      ...(body && { body: { $ref: `${body}#` } }),
      ...(scope && { querystring: query ? { $ref: `${query}#` } : NO_QUERY }),
      response: {
        [status]: answer
          ? { description: 'Done.', $ref: `${answer}#` }
          : { description: 'Done.', type: 'null' },
        ...(url === '/readyz' && { 503: { description: 'The database does not answer.', $ref: 'Health#' } }),
        default: {
          description: 'What went wrong.',
          content: { [PROBLEM_TYPE]: { schema: { $ref: 'Problem#' } } },
        },
      },
    },
    async onRequest(request) {
      if (scope) request.manager = await identify(request.raw, scope)
    },
    preValidation: async (request) => {
      if (route.bodyOptional) request.body ??= {}
      if (query) request.query = withNumbers(request.query as Record<string, unknown>)
    },
    async handler(request, reply) {
      const result = await route.handle(toContext(request, reply, keysmith, status), {
        id: (request.params as { id: string }).id,
        body: request.body as never,
        query: request.query as never,
      })
      if (reply.statusCode === 200) reply.status(status)
      return answer === null ? reply.send() : result
    },
  }
}

const NO_QUERY = { type: 'object', properties: {}, additionalProperties: false }

const PARAMS = {
  type: 'object',
  properties: { id: { type: 'string', minLength: 1, maxLength: 256 } },
}

function toContext(request: FastifyRequest, reply: FastifyReply, whole: Keysmith, status: number) {
  const { manager } = request
  return {
    keysmith: manager?.keysmith ?? whole,
    whole,
    request,
    reply,
    caller: {
      actor: manager?.actor,
      scopes: manager?.scopes ?? [],
      request: {
        path: request.url.split('?', 1)[0],
        method: request.method,
        status,
        ip: request.ip,
        userAgent: request.headers['user-agent'],
      },
    },
  }
}

// A query string has no numbers, and the engine takes no others.
const NUMBERS = ['limit', 'offset']

function withNumbers(query: Record<string, unknown>): Record<string, unknown> {
  const numbers = NUMBERS.filter((name) => typeof query[name] === 'string' && /^\d{1,9}$/.test(query[name]))
  return { ...query, ...Object.fromEntries(numbers.map((name) => [name, Number(query[name])])) }
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** For each address, the methods that it does not have. */
function otherMethods(): Map<string, HTTPMethods[]> {
  const urls = [...new Set(routes.map(({ url }) => url))]
  return new Map(
    urls.map((url) => {
      const own = routes.filter((route) => route.url === url).map(({ method }) => method as string)
      return [url, METHODS.filter((method) => !own.includes(method))]
    }),
  )
}

function refusal(url: string, methods: HTTPMethods[]): RouteOptions {
  const allowed = METHODS.filter((method) => !methods.includes(method)).join(', ')
  return {
    method: methods,
    url,
    schema: { hide: true },
    onRequest: async (_request, reply) => {
      reply.header('allow', allowed)
      throw new HttpError('method_not_allowed', `Use ${allowed} here.`)
    },
    handler: () => undefined,
  }
}
