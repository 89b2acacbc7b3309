import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Caller } from '../core/audit.ts'
import type { Keysmith, WalledKeysmith } from '../engine/surface.ts'
import type { ManagementScope } from './management.ts'
import type { RequestName, requests } from './request-schemas.ts'
import type { ResponseName } from './response-schemas.ts'

/** What a route works with: the engine inside the caller's walls, and on whose behalf. */
export interface RouteContext {
  readonly keysmith: WalledKeysmith
  /** The engine without walls: for what is about the server itself. */
  readonly whole: Keysmith
  readonly caller: Caller
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

type InputOf<Name extends RequestName | undefined> = Name extends RequestName
  ? z.input<(typeof requests)[Name]>
  : undefined

interface RouteSpec<Body extends RequestName | undefined, Query extends RequestName | undefined> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  /** What generated clients call it. */
  readonly operationId: string
  readonly summary: string
  readonly tag: 'Keys' | 'Scopes' | 'Records' | 'Health'
  /** The management scope that a caller needs; null: no one needs to say who they are. */
  readonly scope: ManagementScope | null
  readonly body?: Body
  /** Whether the body may be left out. */
  readonly bodyOptional?: boolean
  readonly query?: Query
  /** Status of success, and what is answered with it; null: nothing. */
  readonly status: 200 | 201 | 204
  readonly answer: ResponseName | null
  /** What is answered with another status than that, when it is no error. */
  readonly alsoAnswers?: Readonly<Record<number, ResponseName>>
  /** Statuses of errors that are its own, beside those that every route of its kind has. */
  readonly errors?: readonly number[]
  /** Headers that it reads, by name, and what they are for. */
  readonly headers?: Readonly<Record<string, string>>
  handle(
    context: RouteContext,
    input: { readonly id: string; readonly body: InputOf<Body>; readonly query: InputOf<Query> },
  ): unknown
}

/** A route, as data: the server is the sum of these. */
export interface Route extends Omit<RouteSpec<RequestName | undefined, RequestName | undefined>, 'handle'> {
  handle(
    context: RouteContext,
    input: { readonly id: string; readonly body: never; readonly query: never },
  ): unknown
}

/** Says what a route takes and gives. Its handler calls the engine; it decides nothing. */
export function defineRoute<
  const Body extends RequestName | undefined = undefined,
  const Query extends RequestName | undefined = undefined,
>(spec: RouteSpec<Body, Query>): Route {
  return spec as Route
}
