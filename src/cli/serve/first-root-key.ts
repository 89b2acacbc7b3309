import { EVERY } from '../../core/realm.ts'
import { MANAGEMENT } from '../../core/scopes.ts'
import type { Keysmith } from '../../engine/surface.ts'
import { ROOT_KEY_PREFIX } from '../root-access.ts'

/**
 * Makes the root management key if no key for all tenants was ever made. Of servers that start at the same time
 * one makes it.
 *
 * @returns its raw key, to be shown once; undefined when there is one already
 */
export async function createFirstRootKey(keysmith: Keysmith): Promise<string | undefined> {
  if ((await keysmith.keys.count({ tenantId: EVERY })) > 0) return undefined
  const { rawKey } = await keysmith.keys.create(
    {
      name: 'root',
      prefix: ROOT_KEY_PREFIX,
      tenantId: EVERY,
      appId: EVERY,
      scopes: [MANAGEMENT, '*'],
      expiresAt: null,
    },
    { idempotencyKey: 'first-root-key', actor: { type: 'system', id: 'serve' } },
  )
  return rawKey
}
