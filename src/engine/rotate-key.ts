import type { Caller } from '../core/audit.ts'
import { newId } from '../core/ids.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { RotateKeyInput } from '../core/key-input.ts'
import type { Realm } from '../core/realm.ts'
import { decideRotation, type Rotation, type RotationRecord, toRotation } from '../core/rotation.ts'
import { changeKey, keyAudit } from './change-key.ts'
import { formatOf } from './create-key.ts'
import { newCredential } from './draft-key.ts'
import type { Engine } from './engine.ts'
import { assertWithinCaller } from './key-rules.ts'

export interface RotatedKey<Scope extends string = string> {
  readonly key: Key<Scope>
  /** The new raw key. This is the only time it is known. */
  readonly rawKey: string
  readonly rotation: Rotation
}

/**
 * Gives a key a new raw key with the same identifier. Raw keys from before verify until the grace ends (24 hours
 * unless configured or given), and never longer than the key; with reason `compromise` they end at once.
 *
 * Of concurrent rotations all happen, one after the other; revoke ∥ rotate always ends revoked.
 *
 * @throws {KeysmithError} `invalid_transition` when the key is suspended, revoked, purged or expired;
 *   `too_many_credentials`; `forbidden` when the key holds scopes that the caller does not; `key_not_found`
 */
export async function rotateKey(
  engine: Engine,
  realm: Realm,
  idOrIdentifier: string,
  input: RotateKeyInput = {},
  caller: Caller = {},
): Promise<RotatedKey> {
  const { reason = 'manual', gracePeriod = engine.rules.gracePeriod } = parseInput(RotateKeyInput, input)
  return changeKey(engine, realm, idOrIdentifier, async (key, now) => {
    assertWithinCaller(key.scopes, caller)
    const credentials = await engine.store.listCredentials(key.id)
    const current = credentials.find(({ endsAt }) => endsAt === null)
    if (!current) return undefined // deleted, or rotated, since it was read
    const { graceEndsAt, endsAt, drop } = decideRotation(key, credentials, reason, gracePeriod, now)
    const issued = formatOf(engine, key.format).issue(key)
    const credential = await newCredential(engine, key.id, issued, now)
    const rotation: RotationRecord = {
      id: newId('rotation'),
      keyId: key.id,
      tenantId: key.tenantId,
      appId: key.appId,
      reason,
      oldCredentialId: current.id,
      newCredentialId: credential.id,
      graceEndsAt,
      actorId: caller.actor?.id ?? null,
      createdAt: now,
    }
    const extra = { reason, graceEndsAt: new Date(graceEndsAt).toISOString(), rotationId: rotation.id }
    const audit = keyAudit(key, 'key.rotated', caller, now, extra)
    const changed = await engine.store.rotateCredential({
      key,
      credential,
      rotation,
      endsAt,
      drop,
      at: now,
      audit,
    })
    return changed && announce(engine, changed, rotation, caller, issued.rawKey)
  })
}

function announce(
  engine: Engine,
  record: KeyRecord,
  rotated: RotationRecord,
  caller: Caller,
  rawKey: string,
): RotatedKey {
  engine.lookUp.changed()
  engine.lastUsed.forget(record.id)
  const key = toKey(record, rotated.createdAt)
  const rotation = toRotation(rotated)
  engine.events.emit('key.rotated', () => ({ key, rotation, actor: caller.actor }))
  return { key, rawKey, rotation }
}
