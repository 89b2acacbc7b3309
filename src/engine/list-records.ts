import { type AuditEvent, auditRecord, type Caller, toAuditEvent } from '../core/audit.ts'
import { isKeysmithError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { parseInput } from '../core/input.ts'
import { type Page, toPage, toPageQuery } from '../core/page.ts'
import { DEFAULT_APP, DEFAULT_TENANT, narrowRealm, type Realm } from '../core/realm.ts'
import { ListAuditInput, ListRotationsInput, RecordAuditInput } from '../core/record-input.ts'
import { type Rotation, toRotation } from '../core/rotation.ts'
import type { Engine } from './engine.ts'
import { requireKey } from './read-keys.ts'

/** Rotations, the newest first. @throws {KeysmithError} `key_not_found` for a `keyId` that is none */
export async function listRotations(
  engine: Engine,
  realm: Realm,
  input: ListRotationsInput = {},
): Promise<Page<Rotation>> {
  const query = await readQuery(engine, realm, parseInput(ListRotationsInput, input), 'rotations')
  return toPage(
    await engine.store.listRotations(query.realm, query.filter, query.page),
    query.page,
    query.list,
    toRotation,
  )
}

/** Audit events, the newest first; a deleted key's are found by its id. @throws {KeysmithError} `key_not_found` */
export async function listAudit(
  engine: Engine,
  realm: Realm,
  input: ListAuditInput = {},
): Promise<Page<AuditEvent>> {
  const query = await readQuery(engine, realm, parseInput(ListAuditInput, input), 'audit')
  return toPage(
    await engine.store.listAudit(query.realm, query.filter, query.page),
    query.page,
    query.list,
    toAuditEvent,
  )
}

/** Adds an event of the application's own to the audit trail. @throws {KeysmithError} `key_not_found` */
export async function recordAudit(
  engine: Engine,
  realm: Realm,
  input: RecordAuditInput,
  caller: Caller = {},
): Promise<AuditEvent> {
  const { action, keyId, tenantId, appId, extra } = parseInput(RecordAuditInput, input)
  const within = narrowRealm(realm, { tenantId, appId })
  const key = keyId === undefined ? undefined : await requireKey(engine, within, keyId)
  const subject = {
    id: newId('auditEvent'),
    tenantId: key?.tenantId ?? within.tenantId ?? DEFAULT_TENANT,
    appId: key?.appId ?? within.appId ?? DEFAULT_APP,
    keyId: key?.id ?? null,
    createdAt: engine.clock(),
  }
  const event = auditRecord(subject, action, caller, extra)
  await engine.store.appendAudit(event)
  return toAuditEvent(event)
}

interface RecordListInput {
  readonly keyId?: string | undefined
  readonly tenantId?: string | undefined
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  readonly cursor?: string | undefined
}

async function readQuery<Input extends RecordListInput>(
  engine: Engine,
  realm: Realm,
  input: Input,
  name: string,
) {
  const { limit, offset, cursor, tenantId, keyId, ...rest } = input
  const within = narrowRealm(realm, { tenantId })
  const filter = { ...rest, keyId: keyId === undefined ? undefined : await knownKeyId(engine, within, keyId) }
  const list = `${name} ${JSON.stringify([within, filter])}`
  return { realm: within, filter, list, page: toPageQuery({ limit, offset, cursor }, list) }
}

/** The id of a key that is there, or that was there and left a trail: what was deleted can still be looked into. */
async function knownKeyId(engine: Engine, realm: Realm, idOrIdentifier: string): Promise<string> {
  try {
    return (await requireKey(engine, realm, idOrIdentifier)).id
  } catch (error) {
    if (!isKeysmithError(error, 'key_not_found')) throw error
    const trail = await engine.store.listAudit(realm, { keyId: idOrIdentifier }, ONE_ROW)
    if (trail.length === 0) throw error
    return idOrIdentifier
  }
}

const ONE_ROW = { limit: 1, offset: 0, after: undefined }
