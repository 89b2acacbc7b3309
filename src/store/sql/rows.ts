import type { AuditRecord } from '../../core/audit.ts'
import type { CredentialRecord } from '../../core/credential.ts'
import { deepFreeze } from '../../core/freeze.ts'
import type { KeyKind, KeyRecord, StoredKeyState } from '../../core/key.ts'
import type { RotationReason, RotationRecord } from '../../core/rotation.ts'
import type { EditableFields, ScopeRecord } from '../store.ts'
import type { AuditRow, CredentialRow, KeyRow, RotationRow, ScopeRow } from './schema.ts'

/** Records to rows and back. Rows are what a driver gives: JSON as text. Records come out frozen. */

export function toKeyRecord(row: KeyRow): KeyRecord {
  return Object.freeze({
    id: row.id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    identifier: row.identifier,
    format: row.format,
    prefix: row.prefix,
    environment: row.environment,
    name: row.name,
    description: row.description,
    kind: row.kind as KeyKind,
    ownerId: row.owner_id,
    scopes: readJson<readonly string[]>(row.scopes, NO_SCOPES),
    policyId: row.policy_id,
    metadata: readJson<KeyRecord['metadata']>(row.metadata, NO_METADATA),
    state: row.state as StoredKeyState,
    stateReason: row.state_reason,
    stateChangedAt: row.state_changed_at,
    hint: row.hint,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    rotatedAt: row.rotated_at,
    version: row.version,
  })
}

const NO_SCOPES: readonly string[] = Object.freeze([])
const NO_METADATA = Object.freeze({})

// Most keys have no metadata: an empty value is not worth parsing.
function readJson<T>(json: string, empty: T): T {
  return json.length === 2 ? empty : deepFreeze(JSON.parse(json) as T)
}

export function toKeyRow(key: KeyRecord): KeyRow {
  return {
    id: key.id,
    tenant_id: key.tenantId,
    app_id: key.appId,
    identifier: key.identifier,
    format: key.format,
    prefix: key.prefix,
    environment: key.environment,
    kind: key.kind,
    state: key.state,
    state_reason: key.stateReason,
    state_changed_at: key.stateChangedAt,
    hint: key.hint,
    created_at: key.createdAt,
    created_by: key.createdBy,
    updated_at: key.updatedAt,
    last_used_at: key.lastUsedAt,
    rotated_at: key.rotatedAt,
    version: key.version,
    ...toEditableColumns(key),
  }
}

type EditableColumns = Pick<
  KeyRow,
  'name' | 'description' | 'owner_id' | 'scopes' | 'policy_id' | 'metadata' | 'expires_at'
>

export function toEditableColumns(fields: EditableFields): EditableColumns {
  return {
    name: fields.name,
    description: fields.description,
    owner_id: fields.ownerId,
    scopes: JSON.stringify(fields.scopes),
    policy_id: fields.policyId,
    metadata: JSON.stringify(fields.metadata),
    expires_at: fields.expiresAt,
  }
}

export function toCredentialRecord(row: CredentialRow): CredentialRecord {
  return Object.freeze({
    id: row.id,
    keyId: row.key_id,
    lookup: row.lookup,
    hash: row.hash,
    scheme: row.scheme,
    hint: row.hint,
    createdAt: row.created_at,
    endsAt: row.ends_at,
  })
}

export function toCredentialRow(credential: CredentialRecord): CredentialRow {
  return {
    id: credential.id,
    key_id: credential.keyId,
    lookup: credential.lookup,
    hash: credential.hash,
    scheme: credential.scheme,
    hint: credential.hint,
    created_at: credential.createdAt,
    ends_at: credential.endsAt,
  }
}

export function toRotationRecord(row: RotationRow): RotationRecord {
  return {
    id: row.id,
    keyId: row.key_id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    reason: row.reason as RotationReason,
    oldCredentialId: row.old_credential_id,
    newCredentialId: row.new_credential_id,
    graceEndsAt: row.grace_ends_at,
    actorId: row.actor_id,
    createdAt: row.created_at,
  }
}

export function toRotationRow(rotation: RotationRecord): RotationRow {
  return {
    id: rotation.id,
    key_id: rotation.keyId,
    tenant_id: rotation.tenantId,
    app_id: rotation.appId,
    reason: rotation.reason,
    old_credential_id: rotation.oldCredentialId,
    new_credential_id: rotation.newCredentialId,
    grace_ends_at: rotation.graceEndsAt,
    actor_id: rotation.actorId,
    created_at: rotation.createdAt,
  }
}

export function toScopeRecord(row: ScopeRow): ScopeRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    name: row.name,
    description: row.description,
    createdAt: row.created_at,
  }
}

export function toScopeRow(scope: ScopeRecord): ScopeRow {
  return {
    id: scope.id,
    tenant_id: scope.tenantId,
    app_id: scope.appId,
    name: scope.name,
    description: scope.description,
    created_at: scope.createdAt,
  }
}

export function toAuditRecord(row: AuditRow): AuditRecord {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    appId: row.app_id,
    action: row.action,
    keyId: row.key_id,
    actorType: row.actor_type,
    actorId: row.actor_id,
    path: row.path,
    method: row.method,
    status: row.status,
    ip: row.ip,
    userAgent: row.user_agent,
    extra: JSON.parse(row.extra) as AuditRecord['extra'],
    createdAt: row.created_at,
  }
}

export function toAuditRow(event: AuditRecord): AuditRow {
  return {
    id: event.id,
    tenant_id: event.tenantId,
    app_id: event.appId,
    action: event.action,
    key_id: event.keyId,
    actor_type: event.actorType,
    actor_id: event.actorId,
    path: event.path,
    method: event.method,
    status: event.status,
    ip: event.ip,
    user_agent: event.userAgent,
    extra: JSON.stringify(event.extra),
    created_at: event.createdAt,
  }
}
