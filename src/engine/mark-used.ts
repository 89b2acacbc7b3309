import type { Realm } from '../core/realm.ts'
import type { Engine } from './engine.ts'
import { requireKey } from './read-keys.ts'

/**
 * Sets the last use of a key to now, at once. Verify does this by itself, later and in batches; this is for uses
 * that Keysmith does not see.
 *
 * @throws {KeysmithError} `key_not_found`
 */
export async function markUsed(engine: Engine, realm: Realm, idOrIdentifier: string): Promise<void> {
  const key = await requireKey(engine, realm, idOrIdentifier)
  await engine.store.markUsed([{ keyId: key.id, at: engine.clock() }])
}
