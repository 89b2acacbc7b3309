import type { Socket } from 'node:net'
import type { ConnectionError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { KeysmithError } from '../core/errors.ts'
import { PROBLEM_TYPE, type Problem, problem, toProblem, withRequestId } from './problem.ts'
import { markAnswer } from './requests.ts'

/** Answers every error as RFC 9457 says, and logs those that are ours to mend. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const body = toProblem(error)
    if (body.status >= 500) request.log.error({ err: error, code: body.code }, 'request failed')
    const retryAfter = error instanceof KeysmithError ? error.retryAfter : undefined
    if (retryAfter !== undefined || body.status === 503) reply.header('retry-after', retryAfter ?? 1)
    const challenge = CHALLENGES[body.code]
    if (challenge) reply.header('www-authenticate', challenge)
    answer(request, reply, body)
  })
  app.setNotFoundHandler((request, reply) => {
    answer(request, reply, problem('route_not_found', 'There is nothing at this address. See /docs.'))
  })
}

/**
 * Answers an address that can't be read, before any route is chosen. Fastify's own answer would repeat the address,
 * and what was pasted there may be a raw key.
 */
export function answerBrokenAddress(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  markAnswer(request, reply)
  answer(request, reply, toProblem(error))
}

function answer(request: FastifyRequest, reply: FastifyReply, body: Problem): void {
  const text = JSON.stringify(withRequestId(body, request))
  reply.status(body.status).type(PROBLEM_TYPE).send(text)
}

// RFC 6750 section 3: no error code for who sent nothing.
const CHALLENGES: Readonly<Record<string, string>> = {
  missing_credentials: 'Bearer realm="keysmith"',
  invalid: 'Bearer realm="keysmith", error="invalid_token"',
  insufficient_scope: 'Bearer realm="keysmith", error="insufficient_scope"',
}

/** Answers what Node could not read as a request. */
export function answerBrokenRequests(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const body =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? problem('headers_too_large', 'Send headers of 16 kB at most.')
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? problem('request_timeout', 'The request did not arrive in time.')
        : problem('invalid_request', 'This is no HTTP request that can be read.')
  const json = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${body.status} ${body.title}\r\nContent-Type: ${PROBLEM_TYPE}\r\nContent-Length: ${Buffer.byteLength(json)}\r\nConnection: close\r\n\r\n${json}`,
  )
}
