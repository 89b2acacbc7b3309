import { defineRoute, type Route } from '../route.ts'

/** Keys themselves: make, read, change, take away. */
export const keyRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    url: '/v1/keys',
    operationId: 'createKey',
    tag: 'Keys',
    summary:
      'Create a key. The raw key is in the answer, this once. An Idempotency-Key header makes retries safe.',
    scope: 'keysmith:keys:create',
    body: 'CreateKey',
    status: 201,
    answer: 'CreatedKey',
    errors: [404, 409, 422],
    headers: {
      'Idempotency-Key':
        'Makes retries safe: for 24 hours, a create with the same value makes no second key. 1 to 255 characters.',
    },
    async handle({ keysmith, caller, request, reply }, { body }) {
      const token = request.headers['idempotency-key']
      const created = await keysmith.keys.create(body, { ...caller, idempotencyKey: token?.toString() })
      reply.header('location', `/v1/keys/${created.key.id}`)
      if (created.rawKey === undefined) reply.header('idempotent-replayed', 'true')
      return created
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/keys',
    operationId: 'listKeys',
    tag: 'Keys',
    summary: 'List keys, the newest first.',
    scope: 'keysmith:keys:read',
    query: 'ListKeys',
    status: 200,
    answer: 'Keys',
    handle: ({ keysmith }, { query }) => keysmith.keys.list(query),
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/keys/:id',
    operationId: 'getKey',
    tag: 'Keys',
    summary: 'Get a key by its id or identifier.',
    scope: 'keysmith:keys:read',
    status: 200,
    answer: 'KeyAnswer',
    errors: [404],
    handle: async ({ keysmith }, { id }) => ({ key: await keysmith.keys.get(id) }),
  }),
  defineRoute({
    method: 'PATCH',
    url: '/v1/keys/:id',
    operationId: 'updateKey',
    tag: 'Keys',
    summary: 'Change fields of a key; what is left out stays.',
    scope: 'keysmith:keys:update',
    body: 'UpdateKey',
    status: 200,
    answer: 'KeyAnswer',
    errors: [404, 409],
    handle: async ({ keysmith, caller }, { id, body }) => ({
      key: await keysmith.keys.update(id, body, caller),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    url: '/v1/keys/:id',
    operationId: 'deleteKey',
    tag: 'Keys',
    summary: 'Take a key away. Its audit trail and rotations stay. To keep it on record, purge it instead.',
    scope: 'keysmith:keys:delete',
    status: 204,
    answer: null,
    errors: [404, 409],
    handle: ({ keysmith, caller }, { id }) => keysmith.keys.delete(id, caller),
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/keys/:id/scopes',
    operationId: 'assignScopes',
    tag: 'Keys',
    summary: 'Give a key scopes.',
    scope: 'keysmith:keys:update',
    body: 'ScopeNames',
    status: 200,
    answer: 'KeyAnswer',
    errors: [404, 409],
    handle: async ({ keysmith, caller }, { id, body }) => ({
      key: await keysmith.keys.assignScopes(id, body.scopes, caller),
    }),
  }),
  defineRoute({
    method: 'DELETE',
    url: '/v1/keys/:id/scopes',
    operationId: 'removeScopes',
    tag: 'Keys',
    summary: 'Take scopes from a key.',
    scope: 'keysmith:keys:update',
    body: 'ScopeNames',
    status: 200,
    answer: 'KeyAnswer',
    errors: [404, 409],
    handle: async ({ keysmith, caller }, { id, body }) => ({
      key: await keysmith.keys.removeScopes(id, body.scopes, caller),
    }),
  }),
]
