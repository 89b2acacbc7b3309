import { type AuditAction, type AuditRecord, auditRecord, type Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { KeyRecord } from '../core/key.ts'
import type { MaybePromise } from '../core/maybe-promise.ts'
import type { Realm } from '../core/realm.ts'
import type { Engine } from './engine.ts'
import { requireKey } from './read-keys.ts'

// Callers of this process take turns, so each round loses only to a change by another process: this many in a row is
// a storm of processes on one key.
const MAX_ROUNDS = 20

/**
 * Reads a key, decides, and writes on the condition that the key has not changed since; reads and decides anew
 * when it has. A decision is made on what is true, never on what was.
 *
 * @param attempt decides and writes; undefined when another change came first
 * @throws {KeysmithError} `key_not_found`; `conflict` when others keep coming first
 */
export async function changeKey<Changed>(
  engine: Engine,
  realm: Realm,
  idOrIdentifier: string,
  attempt: (key: KeyRecord, now: number) => MaybePromise<Changed | undefined>,
): Promise<Changed> {
  const { id } = await requireKey(engine, realm, idOrIdentifier)
  return engine.turns.inTurn(id, async () => {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const key = await requireKey(engine, realm, id)
      const changed = await attempt(key, engine.clock())
      if (changed !== undefined) return changed
    }
    throw new KeysmithError('conflict', 'Others keep changing this key at the same time. Try again.', {
      retryAfter: 1,
    })
  })
}

/** The audit record of a change to a key. */
export function keyAudit(
  key: KeyRecord,
  action: AuditAction,
  caller: Caller,
  now: number,
  extra?: Readonly<Record<string, unknown>>,
): AuditRecord {
  const subject = {
    id: newId('auditEvent'),
    tenantId: key.tenantId,
    appId: key.appId,
    keyId: key.id,
    createdAt: now,
  }
  return auditRecord(subject, action, caller, extra)
}
