import type { Key } from '../../../core/key.ts'
import { print, printJson, tell } from '../../print.ts'
import type { Session } from '../../session.ts'
import { type Columns, details } from '../../table.ts'

/** What a list of one tenant's keys shows of a key. */
export const LIST_COLUMNS: Columns<Key> = {
  id: ({ id }) => id,
  identifier: ({ identifier }) => identifier,
  name: ({ name }) => name,
  state: ({ state }) => state,
  scopes: ({ scopes }) => scopes,
  expires: ({ expiresAt }) => expiresAt,
  'last used': ({ lastUsedAt }) => lastUsedAt,
}

/** What a list of several tenants' keys shows. */
export const TENANT_LIST_COLUMNS: Columns<Key> = { ...LIST_COLUMNS, tenant: ({ tenantId }) => tenantId }

/** All that is known of a key. */
export const DETAIL_COLUMNS: Columns<Key> = {
  id: ({ id }) => id,
  identifier: ({ identifier }) => identifier,
  name: ({ name }) => name,
  description: ({ description }) => description,
  state: ({ state }) => state,
  reason: ({ stateReason }) => stateReason,
  kind: ({ kind }) => kind,
  owner: ({ ownerId }) => ownerId,
  scopes: ({ scopes }) => scopes,
  tenant: ({ tenantId }) => tenantId,
  app: ({ appId }) => appId,
  environment: ({ environment }) => environment,
  'ends with': ({ hint }) => hint,
  created: ({ createdAt }) => createdAt,
  'created by': ({ createdBy }) => createdBy,
  expires: ({ expiresAt }) => expiresAt,
  'last used': ({ lastUsedAt }) => lastUsedAt,
  rotated: ({ rotatedAt }) => rotatedAt,
  metadata: ({ metadata }) => metadata,
}

export function showKey(session: Session, key: Key): void {
  session.show({ key }, () => details(key, DETAIL_COLUMNS))
}

/** The raw key alone on standard output, so that `KEY=$(…)` gets it; the rest is for the person at the terminal. */
export function showRawKey<Issued extends { key: Key; rawKey?: string }>(
  session: Session,
  issued: Issued,
  note: string,
): void {
  if (session.json) {
    printJson(issued)
    return
  }
  tell(details(issued.key, DETAIL_COLUMNS))
  tell(note)
  if (issued.rawKey !== undefined) print(issued.rawKey)
}
