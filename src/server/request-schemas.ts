import { z } from 'zod'
import { ScopeName, TenantId } from '../core/input.ts'
import {
  CreateKeyInput,
  ListKeysInput,
  RotateKeyInput,
  ScopesInput,
  StateChangeInput,
  UpdateKeyInput,
} from '../core/key-input.ts'
import {
  CreateScopeInput,
  ListAuditInput,
  ListRotationsInput,
  ListScopesInput,
  UpdateScopeInput,
} from '../core/record-input.ts'
import type { ScopeRequirement as Requirement } from '../core/scopes.ts'
import { toWireSchemas } from './wire-schema.ts'

const ScopeRequirement: z.ZodType<Requirement, Requirement> = z.lazy(() =>
  z.union([
    ScopeName,
    z.array(ScopeRequirement).max(100),
    z.strictObject({ all: z.array(ScopeRequirement).max(100) }),
    z.strictObject({ any: z.array(ScopeRequirement).min(1).max(100) }),
  ]),
)

const VerifyKey = z.strictObject({
  rawKey: z.string().min(1).max(4096).meta({ description: 'What the client sent.' }),
  scopes: ScopeRequirement.optional(),
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  origin: z.string().max(2048).optional(),
  method: z.string().max(32).optional(),
  path: z.string().max(2048).optional(),
  cost: z.int().min(1).max(1_000_000).optional(),
  tenantId: TenantId.optional(),
})

/** All that requests can carry, by name. The engine's own inputs, and what HTTP adds. */
export const requests = {
  CreateKey: CreateKeyInput,
  UpdateKey: UpdateKeyInput,
  RotateKey: RotateKeyInput,
  ChangeState: StateChangeInput,
  ScopeNames: ScopesInput,
  ScopeRequirement,
  VerifyKey,
  ListKeys: ListKeysInput,
  CreateScope: CreateScopeInput,
  UpdateScope: UpdateScopeInput,
  ListScopes: ListScopesInput,
  ListRotations: ListRotationsInput,
  ListAudit: ListAuditInput,
  ListRotationsOfKey: ListRotationsInput.omit({ keyId: true, tenantId: true }),
  ListAuditOfKey: ListAuditInput.omit({ keyId: true, tenantId: true }),
}

export type RequestName = keyof typeof requests

export const requestSchemas = () => toWireSchemas(requests, 'input')
