import { defineRoute, type Route } from '../route.ts'

/** What happened: rotations and the audit trail. */
export const recordRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    url: '/v1/rotations',
    tag: 'Records',
    summary: 'List rotations, the newest first.',
    scope: 'keysmith:rotations:read',
    query: 'ListRotations',
    status: 200,
    answer: 'Rotations',
    handle: ({ keysmith }, { query }) => keysmith.rotations.list(query),
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/audit',
    tag: 'Records',
    summary: 'List audit events, the newest first.',
    scope: 'keysmith:audit:read',
    query: 'ListAudit',
    status: 200,
    answer: 'AuditEvents',
    handle: ({ keysmith }, { query }) => keysmith.audit.list(query),
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/keys/:id/rotations',
    tag: 'Records',
    summary: 'List the rotations of a key, the newest first.',
    scope: 'keysmith:rotations:read',
    query: 'ListRotationsOfKey',
    status: 200,
    answer: 'Rotations',
    handle: ({ keysmith }, { id, query }) => keysmith.rotations.list({ ...query, keyId: id }),
  }),
  defineRoute({
    method: 'GET',
    url: '/v1/keys/:id/audit',
    tag: 'Records',
    summary: 'List the audit events of a key, the newest first.',
    scope: 'keysmith:audit:read',
    query: 'ListAuditOfKey',
    status: 200,
    answer: 'AuditEvents',
    handle: ({ keysmith }, { id, query }) => keysmith.audit.list({ ...query, keyId: id }),
  }),
]
