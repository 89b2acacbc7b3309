import { EVERY } from '../../core/realm.ts'
import { MANAGEMENT } from '../../core/scopes.ts'
import type { Keysmith } from '../../engine/surface.ts'

/**
 * Makes the root management key if no key for all tenants was ever made. Of servers that start at the same time
 * one makes it.
 *
 * @param keysmith without a bound on scopes: the root key holds "*", so that it can give scopes that become
 *   available later
 * @returns its raw key, to be shown once; undefined when there is one already
 */
export async function createFirstRootKey(keysmith: Keysmith): Promise<string | undefined> {
  if ((await keysmith.keys.count({ tenantId: EVERY })) > 0) return undefined
  const { rawKey } = await keysmith.keys.create(
    {
      name: 'root',
      prefix: 'ksm',
      tenantId: EVERY,
      appId: EVERY,
      scopes: [MANAGEMENT, '*'],
      expiresAt: null,
    },
    { idempotencyKey: 'first-root-key', actor: { type: 'system', id: 'serve' } },
  )
  return rawKey
}
