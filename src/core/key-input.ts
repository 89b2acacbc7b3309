import { z } from 'zod'
import type { Duration } from './durations.ts'
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
  ScopeName,
  Scopes,
  TenantId,
  TenantIdOrEvery,
} from './input.ts'
import { KEY_KINDS, KEY_STATES, type KeyKind, type Metadata } from './key.ts'
import { ROTATION_REASONS, type RotationReason } from './rotation.ts'
import type { ScopeRequirement, ScopesWithin } from './scopes.ts'

/** What `keys.create` takes. Everything has a default but the name. */
export const CreateKeyInput = z.strictObject({
  name: Name,
  description: Description.optional(),
  prefix: Prefix.optional(),
  environment: Environment.optional(),
  kind: z.enum(KEY_KINDS).optional().meta({ description: 'Whether a person or a machine holds the key.' }),
  ownerId: ExternalId.optional().meta({ description: 'Who holds the key, by your own id of them.' }),
  scopes: Scopes.optional(),
  policyId: line(64).optional(),
  tenantId: TenantIdOrEvery.optional(),
  appId: TenantIdOrEvery.optional(),
  metadata: MetadataObject.optional(),
  expiresAt: Instant.nullable()
    .optional()
    .meta({ description: 'When the key stops to verify. Null: never, whatever the default is.' }),
  expiresIn: DurationText.optional().meta({
    description: 'How long the key verifies, from now on. Instead of expiresAt.',
  }),
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
  gracePeriod: DurationText.optional().meta({
    description: 'How long the old raw key verifies beside the new one.',
  }),
})

/** What `keys.revoke`, `suspend`, `reactivate` and `purge` take. */
export const StateChangeInput = z.strictObject({ reason: Reason.optional() })

/** What `keys.assignScopes` and `removeScopes` take. */
export const ScopesInput = z.strictObject({ scopes: Scopes.min(1) })

/** The scopes that a request needs. */
export const ScopeRequirementInput: z.ZodType<ScopeRequirement, ScopeRequirement> = z.lazy(() =>
  z.union(
    [
      ScopeName,
      z.array(ScopeRequirementInput).max(100),
      z.strictObject({ all: z.array(ScopeRequirementInput).max(100) }),
      z.strictObject({ any: z.array(ScopeRequirementInput).min(1).max(100) }),
    ],
    'Give a scope, a list of scopes, or { all: [...] } or { any: [...] } of these.',
  ),
)

const NOT_YET = { description: 'Checked in shape, and looked at by nothing until policies and limits exist.' }

/** What `keys.verify` takes beside the raw key. */
export const VerifyKeyInput = z.strictObject({
  scopes: ScopeRequirementInput.optional(),
  ip: z.union([z.ipv4(), z.ipv6()], 'Give an IPv4 or IPv6 address.').optional().meta(NOT_YET),
  origin: z.string().max(2048).optional().meta(NOT_YET),
  method: z.string().max(32).optional().meta(NOT_YET),
  path: z.string().max(2048).optional().meta(NOT_YET),
  cost: z.int().min(1).max(1_000_000).optional().meta(NOT_YET),
  tenantId: TenantId.optional(),
})

/** Which keys to count. */
export const KeyFilter = z.strictObject({
  state: z.enum(KEY_STATES).optional().meta({ description: 'As of now: expired is one of them.' }),
  environment: Environment.optional(),
  policyId: line(64).optional(),
  ownerId: ExternalId.optional(),
  identifier: line(64).optional(),
  tenantId: TenantIdOrEvery.optional(),
  appId: TenantIdOrEvery.optional(),
  q: line(200).optional().meta({ description: 'Part of the name or of the identifier, in any case.' }),
})

/** Which keys to list, and which page of them: the newest first. */
export const ListKeysInput = KeyFilter.extend(pageFields)

/** What `keys.generate` takes. */
export const GenerateInput = CreateKeyInput.pick({ prefix: true, environment: true })

export type StateChangeInput = z.input<typeof StateChangeInput>
export type KeyFilter = z.input<typeof KeyFilter>
export type ListKeysInput = z.input<typeof ListKeysInput>
export type GenerateInput = z.input<typeof GenerateInput>

// Written out, for those who read them in an editor. A type test proves each equal to the input of its schema.

export interface CreateKeyInput<Scope extends string = string> {
  /** What people call it: one line of 1 to 200 characters. */
  readonly name: string
  /** 2000 characters at most. */
  readonly description?: string | undefined
  /** First part of the raw key: `[a-z][a-z0-9_]{0,15}`; that of the engine by default. */
  readonly prefix?: string | undefined
  /** Second part of the raw key: `[a-z][a-z0-9]{0,15}`; that of the engine by default. */
  readonly environment?: string | undefined
  /** Whether a person (`user`) or a machine (`service`, the default) holds it. */
  readonly kind?: KeyKind | undefined
  /** Who it belongs to, by your own id: 255 characters at most. */
  readonly ownerId?: string | undefined
  /** 100 at most; the engine's `defaultScopes` when missing. */
  readonly scopes?: readonly ScopesWithin<Scope>[] | undefined
  /** There are no policies yet: any is `policy_not_found`. */
  readonly policyId?: string | undefined
  /** `default` when missing; `*`, every one, is for management keys. */
  readonly tenantId?: string | undefined
  /** `default` when missing; `*`, every one, is for management keys. */
  readonly appId?: string | undefined
  /** JSON of your own, 16 kB and 16 levels at most. Kept as it is, never interpreted. */
  readonly metadata?: Metadata | undefined
  /**
   * The first moment at which it no longer verifies: a `Date`, or ISO 8601 with an offset. Null: never, whatever
   * the engine's `defaultExpiry` is.
   */
  readonly expiresAt?: Date | string | null | undefined
  /** Its lifetime, such as `90d`. Instead of `expiresAt`. */
  readonly expiresIn?: Duration | undefined
  /** How the raw key is made up; `native` by default. */
  readonly format?: 'native' | undefined
}

export interface ImportKeyInput<Scope extends string = string>
  extends Omit<CreateKeyInput<Scope>, 'prefix' | 'environment' | 'expiresIn'> {
  /** The public part of the raw key. */
  readonly identifier: string
  /** The hash of the raw key, as a hasher of the engine writes it. */
  readonly hash: string
  /** The last four characters of the raw key. */
  readonly hint?: string | undefined
  /** When it was issued, not in the future: a `Date`, or ISO 8601 with an offset; now by default. */
  readonly createdAt?: Date | string | undefined
}

export interface UpdateKeyInput<Scope extends string = string> {
  /** One line of 1 to 200 characters. */
  readonly name?: string | undefined
  /** 2000 characters at most. */
  readonly description?: string | undefined
  /** Who it belongs to, by your own id; null: no one. */
  readonly ownerId?: string | null | undefined
  /** All that it holds from now on, instead of what it held. */
  readonly scopes?: readonly ScopesWithin<Scope>[] | undefined
  /** There are no policies yet: any is `policy_not_found`. */
  readonly policyId?: string | null | undefined
  /** All of it, instead of what was there. */
  readonly metadata?: Metadata | undefined
  /** A `Date`, or ISO 8601 with an offset; null: never. */
  readonly expiresAt?: Date | string | null | undefined
}

export interface RotateKeyInput {
  /** `manual` by default. `compromise` ends older raw keys at once, whatever the grace. */
  readonly reason?: RotationReason | undefined
  /** How long older raw keys verify, such as `24h`; that of the engine by default. `0s`: they end at once. */
  readonly gracePeriod?: Duration | undefined
}
