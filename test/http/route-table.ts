import type { ManagementScope } from '../../src/server/management.ts'

export interface ListedRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly url: string
  readonly scope: ManagementScope
  /** Whether it changes or decides anything: then no GET, HEAD or PUT may reach it. */
  readonly changes: boolean
  /** A body that the route accepts. */
  readonly body?: object
}

/** Every route of the management API, reviewed: what one needs to use it, and whether it changes anything. */
export const MANAGEMENT_ROUTES: readonly ListedRoute[] = [
  { method: 'POST', url: '/v1/keys', scope: 'keysmith:keys:create', changes: true, body: { name: 'x' } },
  { method: 'GET', url: '/v1/keys', scope: 'keysmith:keys:read', changes: false },
  { method: 'GET', url: '/v1/keys/:id', scope: 'keysmith:keys:read', changes: false },
  { method: 'PATCH', url: '/v1/keys/:id', scope: 'keysmith:keys:update', changes: true, body: { name: 'y' } },
  { method: 'DELETE', url: '/v1/keys/:id', scope: 'keysmith:keys:delete', changes: true },
  {
    method: 'POST',
    url: '/v1/keys/:id/scopes',
    scope: 'keysmith:keys:update',
    changes: true,
    body: { scopes: ['read'] },
  },
  {
    method: 'DELETE',
    url: '/v1/keys/:id/scopes',
    scope: 'keysmith:keys:update',
    changes: true,
    body: { scopes: ['read'] },
  },
  {
    method: 'POST',
    url: '/v1/keys/verify',
    scope: 'keysmith:keys:verify',
    changes: true,
    body: { rawKey: 'x' },
  },
  { method: 'POST', url: '/v1/keys/:id/rotate', scope: 'keysmith:keys:rotate', changes: true },
  { method: 'POST', url: '/v1/keys/:id/revoke', scope: 'keysmith:keys:revoke', changes: true },
  { method: 'POST', url: '/v1/keys/:id/suspend', scope: 'keysmith:keys:suspend', changes: true },
  { method: 'POST', url: '/v1/keys/:id/reactivate', scope: 'keysmith:keys:reactivate', changes: true },
  { method: 'POST', url: '/v1/keys/:id/purge', scope: 'keysmith:keys:purge', changes: true },
  { method: 'POST', url: '/v1/scopes', scope: 'keysmith:scopes:create', changes: true, body: { name: 'x' } },
  { method: 'GET', url: '/v1/scopes', scope: 'keysmith:scopes:read', changes: false },
  { method: 'GET', url: '/v1/scopes/:id', scope: 'keysmith:scopes:read', changes: false },
  {
    method: 'PATCH',
    url: '/v1/scopes/:id',
    scope: 'keysmith:scopes:update',
    changes: true,
    body: { description: 'y' },
  },
  { method: 'DELETE', url: '/v1/scopes/:id', scope: 'keysmith:scopes:delete', changes: true },
  { method: 'GET', url: '/v1/rotations', scope: 'keysmith:rotations:read', changes: false },
  { method: 'GET', url: '/v1/audit', scope: 'keysmith:audit:read', changes: false },
  { method: 'GET', url: '/v1/keys/:id/rotations', scope: 'keysmith:rotations:read', changes: false },
  { method: 'GET', url: '/v1/keys/:id/audit', scope: 'keysmith:audit:read', changes: false },
]

/** What anyone may get, without saying who they are: nothing in it is about a key or a tenant. */
export const OPEN_ROUTES: readonly string[] = [
  'GET /',
  'GET /healthz',
  'GET /readyz',
  'GET /openapi.json',
  'GET /docs',
  'GET /docs/',
  'GET /docs/json',
  'GET /docs/yaml',
  'GET /docs/static/index.html',
  'GET /docs/static/swagger-initializer.js',
  'GET /docs/*',
]
