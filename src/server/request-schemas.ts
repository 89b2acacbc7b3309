import { z } from 'zod'
import {
  CreateKeyInput,
  ListKeysInput,
  RotateKeyInput,
  ScopeRequirementInput,
  ScopesInput,
  StateChangeInput,
  UpdateKeyInput,
  VerifyKeyInput,
} from '../core/key-input.ts'
import {
  CreateScopeInput,
  ListAuditInput,
  ListRotationsInput,
  ListScopesInput,
  ScopeReferenceInput,
  UpdateScopeInput,
} from '../core/record-input.ts'
import { toWireSchemas } from './wire-schema.ts'

/** All that requests can carry, by name. The engine's own inputs, and what HTTP adds. */
export const requests = {
  CreateKey: CreateKeyInput,
  UpdateKey: UpdateKeyInput,
  RotateKey: RotateKeyInput,
  ChangeState: StateChangeInput,
  ScopeNames: ScopesInput,
  ScopeRequirement: ScopeRequirementInput,
  VerifyKey: VerifyKeyInput.extend({
    rawKey: z.string().min(1).max(4096).meta({ description: 'What the client sent.' }),
  }),
  ListKeys: ListKeysInput,
  CreateScope: CreateScopeInput,
  UpdateScope: UpdateScopeInput,
  ListScopes: ListScopesInput,
  WhichScope: ScopeReferenceInput.omit({ name: true }),
  ListRotations: ListRotationsInput,
  ListAudit: ListAuditInput,
  ListRotationsOfKey: ListRotationsInput.omit({ keyId: true, tenantId: true }),
  NoQuery: z.strictObject({}),
  ListAuditOfKey: ListAuditInput.omit({ keyId: true, tenantId: true }),
}

export type RequestName = keyof typeof requests

export const requestSchemas = () => toWireSchemas(requests, 'input')
