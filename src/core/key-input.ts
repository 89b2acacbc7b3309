import { z } from 'zod'
import {
  Description,
  DurationText,
  Environment,
  ExternalId,
  Instant,
  line,
  MetadataObject,
  Name,
  Prefix,
  pageFields,
  Reason,
  Scopes,
  TenantId,
} from './input.ts'
import { KEY_KINDS, KEY_STATES } from './key.ts'
import { ROTATION_REASONS } from './rotation.ts'

/** What `keys.create` takes. Everything has a default but the name. */
export const CreateKeyInput = z.strictObject({
  name: Name,
  description: Description.optional(),
  prefix: Prefix.optional(),
  environment: Environment.optional(),
  kind: z.enum(KEY_KINDS).optional(),
  ownerId: ExternalId.optional(),
  scopes: Scopes.optional(),
  policyId: line(64).optional(),
  tenantId: TenantId.optional(),
  appId: TenantId.optional(),
  metadata: MetadataObject.optional(),
  expiresAt: Instant.nullable().optional().meta({ description: 'Null: never, whatever the default is.' }),
  expiresIn: DurationText.optional().meta({ description: 'Instead of expiresAt.' }),
  format: z.enum(['native']).optional(),
})

/** What `keys.import` takes: a key whose raw form was issued elsewhere and is not known here. */
export const ImportKeyInput = CreateKeyInput.omit({
  prefix: true,
  environment: true,
  expiresIn: true,
}).extend({
  identifier: line(64),
  hash: line(512),
  hint: line(4).optional(),
  createdAt: Instant.optional(),
})

/** What `keys.update` takes: the fields to change. */
export const UpdateKeyInput = z.strictObject({
  name: Name.optional(),
  description: Description.optional(),
  ownerId: ExternalId.nullable().optional(),
  scopes: Scopes.optional(),
  policyId: line(64).nullable().optional(),
  metadata: MetadataObject.optional(),
  expiresAt: Instant.nullable().optional(),
})

/** What `keys.rotate` takes. */
export const RotateKeyInput = z.strictObject({
  reason: z.enum(ROTATION_REASONS).optional(),
  gracePeriod: DurationText.optional(),
})

/** What `keys.revoke`, `suspend`, `reactivate` and `purge` take. */
export const StateChangeInput = z.strictObject({ reason: Reason.optional() })

/** What `keys.assignScopes` and `removeScopes` take. */
export const ScopesInput = z.strictObject({ scopes: Scopes.min(1) })

/** Which keys to count. */
export const KeyFilter = z.strictObject({
  state: z.enum(KEY_STATES).optional(),
  environment: Environment.optional(),
  policyId: line(64).optional(),
  ownerId: ExternalId.optional(),
  identifier: line(64).optional(),
  tenantId: TenantId.optional(),
  appId: TenantId.optional(),
  q: line(200).optional().meta({ description: 'Part of the name or of the identifier, in any case.' }),
})

/** Which keys to list, and which page of them: the newest first. */
export const ListKeysInput = KeyFilter.extend(pageFields)

/** What `keys.generate` takes. */
export const GenerateInput = CreateKeyInput.pick({ prefix: true, environment: true })

export type CreateKeyInput = z.input<typeof CreateKeyInput>
export type ImportKeyInput = z.input<typeof ImportKeyInput>
export type UpdateKeyInput = z.input<typeof UpdateKeyInput>
export type RotateKeyInput = z.input<typeof RotateKeyInput>
export type StateChangeInput = z.input<typeof StateChangeInput>
export type KeyFilter = z.input<typeof KeyFilter>
export type ListKeysInput = z.input<typeof ListKeysInput>
export type GenerateInput = z.input<typeof GenerateInput>
