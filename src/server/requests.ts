import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { KeysmithError } from '../core/errors.ts'
import { isDeeper } from '../core/input.ts'

// Long enough for a UUID, too short for a raw key.
const SAFE_ID = /^[\w-]{1,36}$/

/** The id of a request: the client's, when it is one that can be logged, else a new one. */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID()
}

/** What every answer says, whatever it answers. */
export function markAnswer(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({
    'x-request-id': request.id,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  })
}

// Deeper than any input is allowed to be. Validators recurse: what is nested endlessly must not get to them.
const MAX_DEPTH = 32

/** Marks every answer, and logs of every request: its route, never its address, query or headers. */
export function watchRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    markAnswer(request, reply)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions, manager } = request
    request.log.info(
      {
        method,
        route: routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 100) / 100,
        ...(manager && { actor: manager.actor.id }),
      },
      'request',
    )
  })
  // JSON is all that is read.
  app.removeContentTypeParser('text/plain')
  // An empty body is no body, whatever its type is said to be.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else
      parseJson(request, body as string, (error, parsed) => {
        if (!error && isDeeper(parsed, MAX_DEPTH)) {
          done(new KeysmithError('invalid_request', `Nest the body ${MAX_DEPTH} levels deep at most.`))
        } else done(error, parsed)
      })
  })
}
