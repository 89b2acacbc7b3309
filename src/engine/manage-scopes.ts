import { type AuditAction, auditRecord, type Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { parseInput } from '../core/input.ts'
import { type Page, toPage, toPageQuery } from '../core/page.ts'
import { DEFAULT_APP, DEFAULT_TENANT, narrowRealm, type Realm } from '../core/realm.ts'
import {
  CreateScopeInput,
  ListScopesInput,
  ScopeReferenceInput,
  UpdateScopeInput,
} from '../core/record-input.ts'
import type { Scope } from '../core/scopes.ts'
import type { ScopeRecord } from '../store/store.ts'
import type { Engine } from './engine.ts'

/** Puts a scope into the registry, which tells people what it means. @throws {KeysmithError} `scope_exists` */
export async function createScope(
  engine: Engine,
  realm: Realm,
  input: CreateScopeInput,
  caller: Caller = {},
): Promise<Scope> {
  const { name, description = '', tenantId, appId } = parseInput(CreateScopeInput, input)
  const scope: ScopeRecord = {
    id: newId('scope'),
    ...placeWithin(realm, { tenantId, appId }),
    name,
    description,
    createdAt: engine.clock(),
  }
  const outcome = await engine.store.createScope(scope, scopeAudit(engine, scope, 'scope.created', caller))
  if (outcome === 'exists')
    throw new KeysmithError('scope_exists', `There is a scope "${name}" already. Update it instead.`)
  return toScope(scope)
}

/**
 * A scope by its name. Tenants can have scopes of one name: without walls, the default tenant's and app's is meant
 * unless another is named.
 */
export type ScopeReference =
  | string
  | { readonly name: string; readonly tenantId?: string | undefined; readonly appId?: string | undefined }

/** @throws {KeysmithError} `scope_not_found` */
export async function getScope(engine: Engine, realm: Realm, scope: ScopeReference): Promise<Scope> {
  return toScope(await requireScope(engine, realm, scope))
}

export async function listScopes(
  engine: Engine,
  realm: Realm,
  input: ListScopesInput = {},
): Promise<Page<Scope>> {
  const { tenantId, appId, ...paging } = parseInput(ListScopesInput, input)
  const within = narrowRealm(realm, { tenantId, appId })
  const list = `scopes ${JSON.stringify(within)}`
  const page = toPageQuery(paging, list)
  return toPage(await engine.store.listScopes(within, page), page, list, toScope)
}

/** Changes the description of a scope. @throws {KeysmithError} `scope_not_found` */
export async function updateScope(
  engine: Engine,
  realm: Realm,
  reference: ScopeReference,
  input: UpdateScopeInput,
  caller: Caller = {},
): Promise<Scope> {
  const scope = { ...(await requireScope(engine, realm, reference)), ...parseInput(UpdateScopeInput, input) }
  const updated = await engine.store.updateScope(scope, scopeAudit(engine, scope, 'scope.updated', caller))
  if (!updated) throw notFound()
  return toScope(scope)
}

/** Takes a scope out of the registry. @throws {KeysmithError} `scope_in_use` while a key holds it; `scope_not_found` */
export async function deleteScope(
  engine: Engine,
  realm: Realm,
  reference: ScopeReference,
  caller: Caller = {},
): Promise<void> {
  const scope = await requireScope(engine, realm, reference)
  const outcome = await engine.store.deleteScope(scope, scopeAudit(engine, scope, 'scope.deleted', caller))
  if (outcome === 'absent') throw notFound()
  if (outcome === 'in_use') {
    throw new KeysmithError('scope_in_use', `Keys hold the scope "${scope.name}". Remove it from them first.`)
  }
}

async function requireScope(engine: Engine, realm: Realm, reference: ScopeReference): Promise<ScopeRecord> {
  const { name, tenantId, appId } = parseInput(
    ScopeReferenceInput,
    typeof reference === 'string' ? { name: reference } : reference,
  )
  const scope = await engine.store.getScope(placeWithin(realm, { tenantId, appId }), name)
  if (!scope) throw notFound()
  return scope
}

function placeWithin(realm: Realm, wanted: Realm): { tenantId: string; appId: string } {
  const { tenantId = DEFAULT_TENANT, appId = DEFAULT_APP } = narrowRealm(realm, wanted)
  return { tenantId, appId }
}

function notFound(): KeysmithError {
  return new KeysmithError('scope_not_found', 'There is no such scope in the registry.')
}

function scopeAudit(engine: Engine, scope: ScopeRecord, action: AuditAction, caller: Caller) {
  const { tenantId, appId, name } = scope
  return auditRecord(
    { id: newId('auditEvent'), tenantId, appId, keyId: null, createdAt: engine.clock() },
    action,
    caller,
    { scope: name },
  )
}

function toScope(record: ScopeRecord): Scope {
  return { ...record, createdAt: new Date(record.createdAt) }
}
