import type { FastifyError, FastifyRequest } from 'fastify'
import { type ErrorCode, type InputIssue, KeysmithError } from '../core/errors.ts'

/** Codes of errors that only a server has. */
export type HttpCode =
  | 'missing_credentials'
  | 'route_not_found'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'body_too_large'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'internal'

export type ProblemCode = ErrorCode | HttpCode

/** Status and title of every error. One code, one status, everywhere. */
export const PROBLEMS: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  invalid: [401, 'API key not valid'],
  expired: [403, 'API key expired'],
  revoked: [403, 'API key revoked'],
  suspended: [403, 'API key suspended'],
  rotated: [403, 'API key rotated'],
  insufficient_scope: [403, 'Scope missing'],
  invalid_request: [400, 'Request not valid'],
  scope_not_available: [400, 'Scope not available'],
  forbidden: [403, 'Not allowed'],
  key_not_found: [404, 'Key not found'],
  policy_not_found: [404, 'Policy not found'],
  scope_not_found: [404, 'Scope not found'],
  scope_exists: [409, 'Scope exists'],
  scope_in_use: [409, 'Scope in use'],
  invalid_transition: [409, 'Transition not possible'],
  too_many_credentials: [409, 'Too many raw keys'],
  identifier_taken: [409, 'Identifier taken'],
  conflict: [409, 'Conflict'],
  idempotency_in_progress: [409, 'Request under way'],
  idempotency_mismatch: [422, 'Idempotency-Key used before'],
  unavailable: [503, 'Unavailable'],
  schema_outdated: [503, 'Database not migrated'],
  pepper_missing: [503, 'Pepper missing'],
  invalid_configuration: [500, 'Configuration not valid'],
  driver_missing: [500, 'Driver missing'],
  closed: [503, 'Closed'],
  missing_credentials: [401, 'Credentials missing'],
  route_not_found: [404, 'Route not found'],
  method_not_allowed: [405, 'Method not allowed'],
  request_timeout: [408, 'Request timed out'],
  body_too_large: [413, 'Body too large'],
  unsupported_media_type: [415, 'Media type not supported'],
  headers_too_large: [431, 'Headers too large'],
  internal: [500, 'Internal error'],
}

/** An error in the form of RFC 9457. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Stable: switch on this. */
  readonly code: ProblemCode
  readonly errors?: readonly InputIssue[]
  /** As in the `X-Request-Id` header. */
  readonly requestId?: string
}

export const PROBLEM_TYPE = 'application/problem+json'

/** An error that only the server has. */
export class HttpError extends Error {
  readonly code: HttpCode

  constructor(code: HttpCode, message: string) {
    super(message)
    this.code = code
  }
}

export function problem(code: ProblemCode, detail: string, errors: readonly InputIssue[] = []): Problem {
  const [status, title] = PROBLEMS[code]
  return {
    type: `urn:keysmith:error:${code}`,
    title,
    status,
    detail,
    code,
    ...(errors.length > 0 && { errors }),
  }
}

// Fastify's own errors, by its code.
const FASTIFY_CODES: Readonly<Record<string, [HttpCode | 'invalid_request' | 'unavailable', string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'Send a body of 64 kB at most.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'unsupported_media_type',
    'Send JSON, with Content-Type: application/json.',
  ],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid_request', 'The body is not as long as Content-Length says.'],
  FST_ERR_BAD_URL: ['invalid_request', 'The address is not encoded as it should be. Check each % in it.'],
  FST_ERR_MAX_PARAM_LENGTH: ['route_not_found', 'There is nothing at this address: no name is that long.'],
}

/** What is answered for whatever was thrown. Nothing of an unexpected error is told. */
export function toProblem(error: unknown): Problem {
  if (error instanceof KeysmithError) return problem(error.code, error.message, error.issues)
  if (error instanceof HttpError) return problem(error.code, error.message)
  const { code, statusCode, validation, validationContext, message } = error as FastifyError
  if (validation) return invalidInput(validation, validationContext)
  const known = FASTIFY_CODES[code]
  if (known) return problem(...known)
  if (statusCode === 400)
    return problem('invalid_request', `The body is not JSON that can be read: ${plain(message)}`)
  return problem('internal', 'Something went wrong here. Tell those who run this server the request id.')
}

// A parser's message may quote the body, and the body may hold a raw key.
const plain = (message: string) =>
  message.includes('prototype') ? 'it sets a prototype.' : 'check its syntax.'

// Only for what core's rules would let pass: they word the rest.
function invalidInput(validation: NonNullable<FastifyError['validation']>, context = 'input'): Problem {
  const errors = validation.map(({ instancePath, message = 'is not valid' }) => {
    const at = instancePath.slice(1).split('/').filter(Boolean)
    return { path: at.join('.'), message: `It ${message}.` }
  })
  const [first] = errors
  const part = context === 'querystring' ? 'query' : context
  return problem(
    'invalid_request',
    `${[part, first?.path].filter(Boolean).join(', ')}: ${first?.message}`,
    errors,
  )
}

/**
 * Adds the request id to an error. Not to a refused credential: those answers are the same to the byte, and the
 * id is in the header anyway.
 */
export function withRequestId(body: Problem, request: FastifyRequest): Problem {
  return body.code === 'invalid' ? body : { ...body, requestId: request.id }
}
