import { z } from 'zod'
import {
  Description,
  ExternalId,
  Instant,
  line,
  MetadataObject,
  pageFields,
  ScopeName,
  TenantId,
  TenantIdOrEvery,
} from './input.ts'

/** What `scopes.create` takes. */
export const CreateScopeInput = z.strictObject({
  name: ScopeName,
  description: Description.optional(),
  tenantId: TenantId.optional(),
  appId: TenantId.optional(),
})

/** What names a scope: those of another tenant or app need it said. */
export const ScopeReferenceInput = z.strictObject({
  name: z.string().max(256),
  tenantId: TenantId.optional(),
  appId: TenantId.optional(),
})

/** What `scopes.update` takes. */
export const UpdateScopeInput = z.strictObject({ description: Description })

/** Which scopes to list: the newest first. */
export const ListScopesInput = z.strictObject({
  tenantId: TenantId.optional(),
  appId: TenantId.optional(),
  ...pageFields,
})

/** Which rotations to list: the newest first. */
export const ListRotationsInput = z.strictObject({
  keyId: line(128).optional().meta({ description: 'Id or identifier of a key.' }),
  tenantId: TenantIdOrEvery.optional(),
  from: Instant.optional().meta({ description: 'The earliest time that is listed.' }),
  to: Instant.optional().meta({ description: 'The time before which all that is listed happened.' }),
  ...pageFields,
})

/** Which audit events to list: the newest first. */
export const ListAuditInput = ListRotationsInput.extend({
  action: line(64).optional(),
  actorId: ExternalId.optional(),
})

/** What `audit.record` takes: an event of the application's own. */
export const RecordAuditInput = z.strictObject({
  action: z
    .string()
    .regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/, 'Use lower-case words joined by ".", such as invoice.sent.')
    .max(64)
    .refine(
      (action) => !/^(key|scope|policy|auth)\b/.test(action),
      "Actions that begin with key, scope, policy or auth are Keysmith's own.",
    ),
  keyId: line(128).optional(),
  tenantId: TenantId.optional(),
  appId: TenantId.optional(),
  extra: MetadataObject.optional(),
})

export type CreateScopeInput = z.input<typeof CreateScopeInput>
export type UpdateScopeInput = z.input<typeof UpdateScopeInput>
export type ListScopesInput = z.input<typeof ListScopesInput>
export type ListRotationsInput = z.input<typeof ListRotationsInput>
export type ListAuditInput = z.input<typeof ListAuditInput>
export type RecordAuditInput = z.input<typeof RecordAuditInput>
