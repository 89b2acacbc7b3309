import type { ManagementScope } from '../management.ts'
import { defineRoute, type Route } from '../route.ts'

type StateChange = 'revoke' | 'suspend' | 'reactivate' | 'purge'

function stateChange(change: StateChange, summary: string): Route {
  return defineRoute({
    method: 'POST',
    url: `/v1/keys/:id/${change}`,
    operationId: `${change}Key`,
    tag: 'Keys',
    summary,
    scope: `keysmith:keys:${change}` satisfies ManagementScope,
    body: 'ChangeState',
    bodyOptional: true,
    status: 200,
    answer: 'KeyAnswer',
    errors: [404, 409],
    handle: async ({ keysmith, caller }, { id, body }) => ({
      key: await keysmith.keys[change](id, body, caller),
    }),
  })
}

/** What happens to keys in their life: verified, rotated, suspended, revoked. */
export const lifecycleRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    url: '/v1/keys/verify',
    operationId: 'verifyKey',
    tag: 'Keys',
    summary: 'Decide whether a raw key may be used for a request. A denial is an answer, not an error.',
    scope: 'keysmith:keys:verify',
    body: 'VerifyKey',
    status: 200,
    answer: 'Verification',
    handle: ({ keysmith }, { body: { rawKey, ...request } }) => keysmith.keys.verify(rawKey, request),
  }),
  defineRoute({
    method: 'POST',
    url: '/v1/keys/:id/rotate',
    operationId: 'rotateKey',
    tag: 'Keys',
    summary:
      'Give a key a new raw key. The old one verifies until the grace ends; with reason compromise, no longer.',
    scope: 'keysmith:keys:rotate',
    body: 'RotateKey',
    bodyOptional: true,
    status: 200,
    answer: 'RotatedKey',
    errors: [404, 409],
    handle: ({ keysmith, caller }, { id, body }) => keysmith.keys.rotate(id, body, caller),
  }),
  stateChange('revoke', 'Refuse a key for good.'),
  stateChange('suspend', 'Refuse a key until it is reactivated.'),
  stateChange('reactivate', 'Let a suspended key verify again.'),
  stateChange('purge', 'Refuse a key for good and retire it; its records stay.'),
]
