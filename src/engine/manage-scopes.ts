import { type AuditAction, auditRecord, type Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { parseInput } from '../core/input.ts'
import { type Page, toPage, toPageQuery } from '../core/page.ts'
import { DEFAULT_APP, DEFAULT_TENANT, narrowRealm, type Realm } from '../core/realm.ts'
import { CreateScopeInput, ListScopesInput, UpdateScopeInput } from '../core/record-input.ts'
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
  const within = narrowRealm(realm, { tenantId, appId })
  const scope: ScopeRecord = {
    id: newId('scope'),
    tenantId: within.tenantId ?? DEFAULT_TENANT,
    appId: within.appId ?? DEFAULT_APP,
    name,
    description,
    createdAt: engine.clock(),
  }
  const outcome = await engine.store.createScope(scope, scopeAudit(engine, scope, 'scope.created', caller))
  if (outcome === 'exists')
    throw new KeysmithError('scope_exists', `There is a scope "${name}" already. Update it instead.`)
  return toScope(scope)
}

/** @throws {KeysmithError} `scope_not_found` */
export async function getScope(engine: Engine, realm: Realm, name: string): Promise<Scope> {
  return toScope(await requireScope(engine, realm, name))
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
  name: string,
  input: UpdateScopeInput,
  caller: Caller = {},
): Promise<Scope> {
  const scope = { ...(await requireScope(engine, realm, name)), ...parseInput(UpdateScopeInput, input) }
  const updated = await engine.store.updateScope(scope, scopeAudit(engine, scope, 'scope.updated', caller))
  if (!updated) throw notFound()
  return toScope(scope)
}

/** Takes a scope out of the registry. @throws {KeysmithError} `scope_in_use` while a key holds it; `scope_not_found` */
export async function deleteScope(
  engine: Engine,
  realm: Realm,
  name: string,
  caller: Caller = {},
): Promise<void> {
  const scope = await requireScope(engine, realm, name)
  const outcome = await engine.store.deleteScope(scope, scopeAudit(engine, scope, 'scope.deleted', caller))
  if (outcome === 'absent') throw notFound()
  if (outcome === 'in_use') {
    throw new KeysmithError('scope_in_use', `Keys hold the scope "${name}". Remove it from them first.`)
  }
}

async function requireScope(engine: Engine, realm: Realm, name: string): Promise<ScopeRecord> {
  const scope = await engine.store.getScope(realm, name)
  if (!scope) throw notFound()
  return scope
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
