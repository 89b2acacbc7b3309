import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods, RouteOptions } from 'fastify'
import { parseInput } from '../core/input.ts'
import type { Keysmith } from '../engine/surface.ts'
import { assertAllowed, type Identify, type Manager } from './management.ts'
import { HttpError } from './problem.ts'
import { type RequestName, requestSchemas, requests } from './request-schemas.ts'
import { responseSchemas } from './response-schemas.ts'
import type { Route } from './route.ts'
import { queryOf, toSchema } from './route-schema.ts'
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
  const { method, url, scope, body, status, answer } = route
  const query = queryOf(route)
  return {
    method,
    url,
    attachValidation: true,
    schema: toSchema(route),
    async onRequest(request) {
      if (!scope) return
      request.manager = await identify(request.raw)
      assertAllowed(request.manager, scope)
    },
    preValidation: async (request) => {
      if (route.bodyOptional) request.body ??= {}
      if (query) request.query = withNumbers(request.query as Record<string, unknown>)
    },
    preHandler: async (request) => {
      if (request.validationError) throw explained(request, request.validationError, body, query)
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

/** The error of an input that its JSON Schema refuses, worded by core's rules: they say what to do. */
function explained(
  { body, query }: FastifyRequest,
  error: NonNullable<FastifyRequest['validationError']>,
  bodyName: RequestName | undefined,
  queryName: RequestName | undefined,
): unknown {
  try {
    if (error.validationContext === 'body' && bodyName) parseInput(requests[bodyName], body)
    if (error.validationContext === 'querystring' && queryName) parseInput(requests[queryName], query)
    return error
  } catch (worded) {
    return worded
  }
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

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

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
