/**
 * The tables, as the code expects them. `migrations/` makes them; a test holds the two against each other, and
 * `doctor` holds a real database against this list.
 *
 * Times are milliseconds since the epoch. `scopes`, `metadata` and `extra` are JSON.
 */
export interface Database {
  keysmith_keys: KeyRow
  keysmith_credentials: CredentialRow
  keysmith_rotations: RotationRow
  keysmith_scopes: ScopeRow
  keysmith_audit: AuditRow
  keysmith_claims: ClaimRow
}

export interface KeyRow {
  id: string
  tenant_id: string
  app_id: string
  identifier: string
  format: string
  prefix: string
  environment: string
  name: string
  description: string
  kind: string
  owner_id: string | null
  scopes: string
  policy_id: string | null
  metadata: string
  state: string
  state_reason: string | null
  state_changed_at: number
  hint: string
  created_at: number
  created_by: string | null
  updated_at: number
  expires_at: number | null
  last_used_at: number | null
  rotated_at: number | null
  version: number
}

export interface CredentialRow {
  id: string
  key_id: string
  lookup: string
  hash: string
  scheme: string
  hint: string
  created_at: number
  ends_at: number | null
}

export interface RotationRow {
  id: string
  key_id: string
  tenant_id: string
  app_id: string
  reason: string
  old_credential_id: string
  new_credential_id: string
  grace_ends_at: number
  actor_id: string | null
  created_at: number
}

export interface ScopeRow {
  id: string
  tenant_id: string
  app_id: string
  name: string
  description: string
  created_at: number
}

export interface AuditRow {
  id: string
  tenant_id: string
  app_id: string
  action: string
  key_id: string | null
  actor_type: string | null
  actor_id: string | null
  path: string | null
  method: string | null
  status: number | null
  ip: string | null
  user_agent: string | null
  extra: string
  created_at: number
}

/** Idempotency claims: which key a caller's token made. */
export interface ClaimRow {
  claimant: string
  token: string
  fingerprint: string
  key_id: string
  created_at: number
}

// Record<…, 1> makes the compiler check that no column is missing and none too many.
const columns = {
  keysmith_keys: {
    id: 1,
    tenant_id: 1,
    app_id: 1,
    identifier: 1,
    format: 1,
    prefix: 1,
    environment: 1,
    name: 1,
    description: 1,
    kind: 1,
    owner_id: 1,
    scopes: 1,
    policy_id: 1,
    metadata: 1,
    state: 1,
    state_reason: 1,
    state_changed_at: 1,
    hint: 1,
    created_at: 1,
    created_by: 1,
    updated_at: 1,
    expires_at: 1,
    last_used_at: 1,
    rotated_at: 1,
    version: 1,
  },
  keysmith_credentials: {
    id: 1,
    key_id: 1,
    lookup: 1,
    hash: 1,
    scheme: 1,
    hint: 1,
    created_at: 1,
    ends_at: 1,
  },
  keysmith_rotations: {
    id: 1,
    key_id: 1,
    tenant_id: 1,
    app_id: 1,
    reason: 1,
    old_credential_id: 1,
    new_credential_id: 1,
    grace_ends_at: 1,
    actor_id: 1,
    created_at: 1,
  },
  keysmith_scopes: { id: 1, tenant_id: 1, app_id: 1, name: 1, description: 1, created_at: 1 },
  keysmith_audit: {
    id: 1,
    tenant_id: 1,
    app_id: 1,
    action: 1,
    key_id: 1,
    actor_type: 1,
    actor_id: 1,
    path: 1,
    method: 1,
    status: 1,
    ip: 1,
    user_agent: 1,
    extra: 1,
    created_at: 1,
  },
  keysmith_claims: { claimant: 1, token: 1, fingerprint: 1, key_id: 1, created_at: 1 },
} satisfies { [Table in keyof Database]: Record<keyof Database[Table], 1> }

/** Names of the columns of each table. */
export const COLUMNS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(columns).map(([table, names]) => [table, Object.keys(names)]),
)
