import { defineRoute, type Route } from '../route.ts'

/** For those who watch the server. */
export const healthRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/healthz',
    operationId: 'liveness',
    tag: 'Health',
    summary: 'Whether the process lives.',
    scope: null,
    status: 200,
    answer: 'Liveness',
    handle: () => ({ status: 'ok' }),
  }),
  defineRoute({
    method: 'GET',
    url: '/readyz',
    operationId: 'readiness',
    tag: 'Health',
    summary: 'Whether requests can be served: 503 while the database does not answer.',
    scope: null,
    status: 200,
    answer: 'Health',
    alsoAnswers: { 503: 'Health' },
    async handle({ whole, reply }) {
      const health = await whole.health()
      if (health.status !== 'ok') reply.status(503)
      return health
    },
  }),
]
