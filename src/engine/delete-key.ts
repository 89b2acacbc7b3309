import type { Caller } from '../core/audit.ts'
import type { Realm } from '../core/realm.ts'
import { changeKey, keyAudit } from './change-key.ts'
import type { Engine } from './engine.ts'

/**
 * Takes a key away, in any state; its raw keys become `invalid`. Its audit trail and rotations stay. To keep the
 * key itself on record, purge it instead.
 *
 * @throws {KeysmithError} `key_not_found`
 */
export async function deleteKey(
  engine: Engine,
  realm: Realm,
  idOrIdentifier: string,
  caller: Caller = {},
): Promise<void> {
  await changeKey(engine, realm, idOrIdentifier, async (key, now) => {
    const audit = keyAudit(key, 'key.deleted', caller, now, {
      identifier: key.identifier,
      name: key.name,
      state: key.state,
    })
    const deleted = await engine.store.deleteKey({ key, at: now, audit })
    if (!deleted) return undefined
    engine.lookUp.changed()
    engine.lastUsed.forget(key.id)
    return true
  })
}
