import { STATUS_CODES } from 'node:http'
import type { FastifySchema } from 'fastify'
import { PROBLEM_TYPE } from './problem.ts'
import type { RequestName } from './request-schemas.ts'
import type { Route } from './route.ts'

/** What a query may hold: nothing, when the route says nothing of it. Probes may ask as they like. */
export function queryOf({ query, scope }: Route): RequestName | undefined {
  return query ?? (scope ? 'NoQuery' : undefined)
}

/** What Fastify checks and serializes with, and what OpenAPI says of a route. */
export function toSchema(route: Route): FastifySchema {
  const { operationId, tag, summary, url, scope, body, headers, status, answer } = route
  const query = queryOf(route)
  return {
    operationId,
    tags: [tag],
    summary,
    ...(scope
      ? { description: `Needs the management scope \`${scope}\`.`, security: [{ managementKey: [] }] }
      : { security: [] }),
    ...(url.includes(':id') && { params: PARAMS }),
    ...(body && { body: { $ref: `${body}#` } }),
    ...(query && { querystring: { $ref: `${query}#` } }),
    ...(headers && { headers: toHeaders(headers) }),
    response: {
      [status]: answer
        ? { description: 'Done.', $ref: `${answer}#` }
        : { description: 'Done.', type: 'null' },
      ...Object.fromEntries(errorStatuses(route).map((error) => [error, problemOf(STATUS_CODES[error])])),
      ...alsoAnswered(route),
      default: problemOf('What went wrong'),
    },
  }
}

const PARAMS = {
  type: 'object',
  properties: { id: { type: 'string', minLength: 1, maxLength: 256 } },
}

function toHeaders(headers: Readonly<Record<string, string>>) {
  const properties = Object.entries(headers).map(([name, description]) => [
    name,
    { type: 'string', description },
  ])
  return { type: 'object', properties: Object.fromEntries(properties) }
}

/** Statuses of the errors that one may expect: those of every route that asks who calls, and its own. */
function errorStatuses({ scope, errors = [] }: Route): readonly number[] {
  return scope ? [400, 401, 403, ...errors, 503] : errors
}

const problemOf = (description = 'Error') => ({
  description: `${description}.`,
  content: { [PROBLEM_TYPE]: { schema: { $ref: 'Problem#' } } },
})

function alsoAnswered({ alsoAnswers = {} }: Route) {
  return Object.fromEntries(
    Object.entries(alsoAnswers).map(([status, answer]) => [
      status,
      { description: `${STATUS_CODES[status]}.`, $ref: `${answer}#` },
    ]),
  )
}
