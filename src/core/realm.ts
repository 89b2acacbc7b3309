import { KeysmithError } from './errors.ts'

/** Tenant and app of a key whose creator named none. */
export const DEFAULT_TENANT = 'default'
export const DEFAULT_APP = 'default'

/**
 * "Every one": as the tenant or app of a management key. Never the tenant of an ordinary key.
 */
export const EVERY = '*'

/**
 * The walls around a call. A field that is missing is no wall: `{}` sees every tenant, `{ tenantId }` every app
 * of one tenant. Each store call carries a realm; what lies outside of it answers as if it did not exist.
 */
export interface Realm {
  readonly tenantId?: string | undefined
  readonly appId?: string | undefined
}

/** Where a record belongs. */
export interface Belonging {
  readonly tenantId: string
  readonly appId: string
}

/** Whether a record lies inside the walls. */
export function isWithin(realm: Realm, record: Belonging): boolean {
  return (
    (realm.tenantId === undefined || realm.tenantId === record.tenantId) &&
    (realm.appId === undefined || realm.appId === record.appId)
  )
}

/**
 * The narrower of two realms, for a caller who asks for a tenant or app from inside walls.
 *
 * @throws {KeysmithError} `forbidden` when the request lies outside of the walls
 */
export function narrowRealm(walls: Realm, wanted: Realm): Realm {
  for (const field of ['tenantId', 'appId'] as const) {
    if (wanted[field] !== undefined && walls[field] !== undefined && wanted[field] !== walls[field]) {
      throw new KeysmithError(
        'forbidden',
        `The caller is bound to another ${field}. Leave ${field} out, or use a caller of that ${field}.`,
      )
    }
  }
  return { tenantId: walls.tenantId ?? wanted.tenantId, appId: walls.appId ?? wanted.appId }
}
