import type { AuditAction, Caller } from '../core/audit.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type StoredKeyState, toKey } from '../core/key.ts'
import { StateChangeInput } from '../core/key-input.ts'
import type { Realm } from '../core/realm.ts'
import { needsTransition } from '../core/transitions.ts'
import { changeKey, keyAudit } from './change-key.ts'
import type { Engine } from './engine.ts'
import { assertWithinCaller } from './key-rules.ts'

/**
 * The four changes of state. A key that is in the wanted state already stays as it is, and nothing is recorded:
 * a retried call succeeds.
 *
 * Of concurrent changes each is decided on what the one before it left: suspend ∥ revoke always ends revoked.
 *
 * @throws {KeysmithError} `invalid_transition` (a revoked key can't be reactivated); `key_not_found`
 */
function stateChange(
  to: StoredKeyState,
  action: AuditAction & `key.${'suspended' | 'reactivated' | 'revoked' | 'purged'}`,
) {
  return async (
    engine: Engine,
    realm: Realm,
    idOrIdentifier: string,
    input: StateChangeInput = {},
    caller: Caller = {},
  ): Promise<Key> => {
    const { reason = null } = parseInput(StateChangeInput, input)
    return changeKey(engine, realm, idOrIdentifier, async (key, now) => {
      if (!needsTransition(key, to)) return toKey(key, now)
      // What was suspended may be stronger than who brings it back.
      if (to === 'active') assertWithinCaller(key.scopes, caller)
      const audit = keyAudit(key, action, caller, now, { from: key.state, ...(reason && { reason }) })
      const changed = await engine.store.transition({ key, to, reason, at: now, audit })
      if (!changed) return undefined
      engine.lookUp.changed()
      const shown = toKey(changed, now)
      engine.events.emit(action, () => ({ key: shown, actor: caller.actor, reason }))
      return shown
    })
  }
}

/** Refuses the key until it is reactivated. */
export const suspendKey = stateChange('suspended', 'key.suspended')
/** Lets a suspended key verify again. */
export const reactivateKey = stateChange('active', 'key.reactivated')
/** Refuses the key for good. */
export const revokeKey = stateChange('revoked', 'key.revoked')
/** Refuses the key for good and retires it: the soft deletion of a key whose records must stay. */
export const purgeKey = stateChange('purged', 'key.purged')
