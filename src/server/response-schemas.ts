import { z } from 'zod'
import { DENIAL_CODES } from '../core/errors.ts'
import { KEY_KINDS, KEY_STATES } from '../core/key.ts'
import { ROTATION_REASONS } from '../core/rotation.ts'
import { PROBLEMS } from './problem.ts'
import { toWireSchemas } from './wire-schema.ts'

const Time = z.iso.datetime()
const Extra = z.record(z.string(), z.unknown())

const Key = z.object({
  id: z.string(),
  tenantId: z.string(),
  appId: z.string(),
  identifier: z.string().meta({ description: 'The public part of the raw key: safe to log.' }),
  format: z.string(),
  prefix: z.string(),
  environment: z.string(),
  name: z.string(),
  description: z.string(),
  kind: z.enum(KEY_KINDS),
  ownerId: z.string().nullable(),
  scopes: z.array(z.string()),
  policyId: z.string().nullable(),
  metadata: Extra,
  state: z.enum(KEY_STATES),
  stateReason: z.string().nullable(),
  stateChangedAt: Time,
  hint: z.string().meta({ description: 'The last four characters of the newest raw key.' }),
  createdAt: Time,
  createdBy: z.string().nullable(),
  updatedAt: Time,
  expiresAt: Time.nullable(),
  lastUsedAt: Time.nullable(),
  rotatedAt: Time.nullable(),
  version: z.int(),
})

const Rotation = z.object({
  id: z.string(),
  keyId: z.string(),
  tenantId: z.string(),
  appId: z.string(),
  reason: z.enum(ROTATION_REASONS),
  graceEndsAt: Time,
  actorId: z.string().nullable(),
  createdAt: Time,
})

const Scope = z.object({
  id: z.string(),
  tenantId: z.string(),
  appId: z.string(),
  name: z.string(),
  description: z.string(),
  createdAt: Time,
})

const AuditEvent = z.object({
  id: z.string(),
  tenantId: z.string(),
  appId: z.string(),
  action: z.string(),
  keyId: z.string().nullable(),
  actor: z.object({ type: z.string(), id: z.string() }).nullable(),
  request: z.object({
    path: z.string().nullable(),
    method: z.string().nullable(),
    status: z.int().nullable(),
    ip: z.string().nullable(),
    userAgent: z.string().nullable(),
  }),
  extra: Extra,
  createdAt: Time,
})

const rawKey = z
  .string()
  .meta({ description: 'Shown this once. Missing when an Idempotency-Key is replayed.' })
const pageOf = (item: z.ZodType) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })
const health = z.enum(['ok', 'unavailable'])

/** All that answers carry, by name. What is not declared here is not sent. */
export const responses = {
  Key,
  KeyAnswer: z.object({ key: Key }),
  CreatedKey: z.object({ key: Key, rawKey: rawKey.optional() }),
  RotatedKey: z.object({ key: Key, rawKey, rotation: z.lazy(() => Rotation) }),
  Keys: pageOf(Key),
  Verification: z.object({
    valid: z.boolean(),
    code: z.enum(['valid', ...DENIAL_CODES]),
    key: Key.optional(),
    scopes: z.array(z.string()).optional(),
    retryAfter: z.number().optional(),
  }),
  Scope,
  ScopeAnswer: z.object({ scope: Scope }),
  Scopes: pageOf(Scope),
  Rotation,
  Rotations: pageOf(Rotation),
  AuditEvent,
  AuditEvents: pageOf(AuditEvent),
  Liveness: z.object({ status: z.literal('ok') }),
  Health: z.object({
    status: health,
    store: z.object({ name: z.string(), status: health, latencyMs: z.number() }),
  }),
  Problem: z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS)).meta({ description: 'Stable: switch on this.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    requestId: z.string().optional(),
  }),
}

export type ResponseName = keyof typeof responses

export const responseSchemas = () => toWireSchemas(responses, 'output')
