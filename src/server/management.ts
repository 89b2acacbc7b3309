import { hash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { LRUCache } from 'lru-cache'
import type { Actor } from '../core/audit.ts'
import { denialError, KeysmithError } from '../core/errors.ts'
import { EVERY } from '../core/realm.ts'
import { coversAll, MANAGEMENT } from '../core/scopes.ts'
import type { Keysmith, WalledKeysmith } from '../engine/surface.ts'
import { HttpError } from './problem.ts'

/** What management keys can be allowed to do. `keysmith` alone is all of it, `keysmith:keys` all of its keys. */
export const MANAGEMENT_SCOPES = [
  'keysmith:keys:create',
  'keysmith:keys:read',
  'keysmith:keys:update',
  'keysmith:keys:verify',
  'keysmith:keys:rotate',
  'keysmith:keys:revoke',
  'keysmith:keys:suspend',
  'keysmith:keys:reactivate',
  'keysmith:keys:purge',
  'keysmith:keys:delete',
  'keysmith:scopes:create',
  'keysmith:scopes:read',
  'keysmith:scopes:update',
  'keysmith:scopes:delete',
  'keysmith:rotations:read',
  'keysmith:audit:read',
] as const

export type ManagementScope = (typeof MANAGEMENT_SCOPES)[number]

/** Who calls: what they may do, and the engine inside their walls. */
export interface Manager {
  readonly actor: Actor
  readonly scopes: readonly string[]
  readonly keysmith: WalledKeysmith
}

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i
// One engine facade for each tenant that manages its own keys; made anew when it falls out.
const MAX_WALLED = 1_000

/**
 * Tells who calls the management API by the `Authorization: Bearer` header: the root key, or a key with management
 * scopes, which is bound to its tenant (and app) unless that is `*`.
 */
export function createManagement(keysmith: Keysmith, rootKey: string | undefined) {
  const rootDigest = rootKey === undefined ? undefined : digest(rootKey)
  const root: Manager = { actor: { type: 'root', id: 'root' }, scopes: ['*', MANAGEMENT], keysmith }
  const walled = new LRUCache<string, WalledKeysmith>({ max: MAX_WALLED })

  function within(tenantId: string, appId: string): WalledKeysmith {
    if (tenantId === EVERY) return keysmith
    const name = `${tenantId} ${appId}`
    const known =
      walled.get(name) ?? keysmith.forTenant({ tenantId, appId: appId === EVERY ? undefined : appId })
    walled.set(name, known)
    return known
  }

  /**
   * @throws {HttpError} `missing_credentials`
   * @throws {KeysmithError} `invalid_request` for more than one header; the denial of the key
   */
  return async function identify(request: IncomingMessage): Promise<Manager> {
    assertOneCredential(request)
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined) {
      throw new HttpError(
        'missing_credentials',
        'Send a management key: "Authorization: Bearer <management key>".',
      )
    }
    if (rootDigest && timingSafeEqual(digest(token), rootDigest)) return root
    const result = await keysmith.keys.verify(token)
    if (!result.valid) throw denialError(result.code)
    const { id, tenantId, appId } = result.key
    return { actor: { type: 'management_key', id }, scopes: result.scopes, keysmith: within(tenantId, appId) }
  }
}

/** @throws {KeysmithError} `insufficient_scope` when the caller lacks the scope */
export function assertAllowed({ scopes }: Manager, scope: ManagementScope): void {
  if (coversAll(scopes, [scope])) return
  throw new KeysmithError(
    'insufficient_scope',
    `This needs the scope ${scope}, which the management key does not hold.`,
  )
}

export type Identify = ReturnType<typeof createManagement>

// Node keeps the first of several; a proxy before it may have looked at another.
function assertOneCredential({ rawHeaders }: IncomingMessage): void {
  let seen = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length === 13 && name.toLowerCase() === 'authorization') seen++
  }
  if (seen > 1) throw new KeysmithError('invalid_request', 'Send one Authorization header, not several.')
}

const digest = (text: string) => Buffer.from(hash('sha256', text, 'hex'), 'latin1')
