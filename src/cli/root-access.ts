import { EVERY } from '../core/realm.ts'
import type { Keysmith } from '../engine/surface.ts'
import type { Settings } from './settings/settings.ts'

/** Prefix of the root key that the first start makes. Secret scanners look for it too. */
export const ROOT_KEY_PREFIX = 'ksm'

/** How to manage all tenants again. */
export const ROOT_ACCESS_FIX =
  "Start the server with KEYSMITH_ROOT_KEY set, or make a key: keysmith keys create --name root --tenant '*' --scopes 'keysmith,*'."

/** Whether nobody can manage all tenants over HTTP: there is no root key, and no key for all tenants verifies. */
export async function isRootless(keysmith: Keysmith, { rootKey }: Settings): Promise<boolean> {
  return rootKey === null && (await keysmith.keys.count({ tenantId: EVERY, state: 'active' })) === 0
}
