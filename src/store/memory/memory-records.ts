import { deepFreeze } from '../../core/freeze.ts'
import { isWithin } from '../../core/realm.ts'
import type { RecordQuery, ScopeRecord, Store } from '../store.ts'
import { pageOf } from './memory-page.ts'
import type { MemoryState } from './memory-state.ts'

type RecordMethods = Pick<
  Store,
  | 'createScope'
  | 'listScopes'
  | 'getScope'
  | 'updateScope'
  | 'deleteScope'
  | 'listRotations'
  | 'appendAudit'
  | 'listAudit'
>

export function recordMethods({ scopes, keys, rotations, audit }: MemoryState): RecordMethods {
  // A scope that was made anew under an old name is another one.
  const isKept = (scope: ScopeRecord) => scopes.get(nameOf(scope))?.id === scope.id

  return {
    createScope(scope, event) {
      if (scopes.has(nameOf(scope))) return 'exists'
      scopes.set(nameOf(scope), Object.freeze(scope))
      audit.push(deepFreeze(event))
      return 'created'
    },

    listScopes: (realm, page) =>
      pageOf(
        [...scopes.values()].filter((scope) => isWithin(realm, scope)),
        page,
      ),

    getScope: (realm, name) =>
      pageOf(
        [...scopes.values()].filter((scope) => isWithin(realm, scope) && scope.name === name),
        {
          limit: 1,
          offset: 0,
          after: undefined,
        },
      )[0],

    updateScope(scope, event) {
      if (!isKept(scope)) return false
      scopes.set(nameOf(scope), Object.freeze(scope))
      audit.push(deepFreeze(event))
      return true
    },

    deleteScope(scope, event) {
      if (!isKept(scope)) return 'absent'
      const { tenantId, appId } = scope
      const held = [...keys.values()].some(
        (key) => isWithin({ tenantId, appId }, key) && key.scopes.includes(scope.name),
      )
      if (held) return 'in_use'
      scopes.delete(nameOf(scope))
      audit.push(deepFreeze(event))
      return 'deleted'
    },

    listRotations: (realm, filter, page) =>
      pageOf(
        rotations.filter((rotation) => isWithin(realm, rotation) && isWanted(rotation, filter)),
        page,
      ),

    appendAudit: (event) => void audit.push(deepFreeze(event)),

    listAudit: (realm, { action, actorId, ...filter }, page) =>
      pageOf(
        audit.filter(
          (event) =>
            isWithin(realm, event) &&
            isWanted(event, filter) &&
            (action === undefined || event.action === action) &&
            (actorId === undefined || event.actorId === actorId),
        ),
        page,
      ),
  }
}

const nameOf = ({ tenantId, appId, name }: ScopeRecord) => `${tenantId}\n${appId}\n${name}`

function isWanted(
  record: { keyId: string | null; createdAt: number },
  { keyId, from, to }: RecordQuery,
): boolean {
  return (
    (keyId === undefined || record.keyId === keyId) &&
    (from === undefined || record.createdAt >= from) &&
    (to === undefined || record.createdAt < to)
  )
}
