import type { AuditAction, Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { ScopesInput, UpdateKeyInput } from '../core/key-input.ts'
import type { Realm } from '../core/realm.ts'
import { assertNotEnded } from '../core/transitions.ts'
import type { EditableFields } from '../store/store.ts'
import { changeKey, keyAudit } from './change-key.ts'
import type { Engine } from './engine.ts'
import {
  assertFutureExpiry,
  assertPolicy,
  assertScopesAllowed,
  assertWithinCaller,
  uniqueScopes,
} from './key-rules.ts'

/**
 * Changes fields of a key; what is not given stays.
 *
 * @throws {KeysmithError} `invalid_request`; `forbidden` for scopes beyond the caller's; `scope_not_available`;
 *   `policy_not_found`; `invalid_transition` when the key is revoked or purged; `key_not_found`
 */
export async function updateKey(
  engine: Engine,
  realm: Realm,
  idOrIdentifier: string,
  input: UpdateKeyInput,
  caller: Caller = {},
): Promise<Key> {
  const changes = parseInput(UpdateKeyInput, input)
  return editKey(engine, realm, idOrIdentifier, 'key.updated', caller, (_key, now) => {
    if (changes.expiresAt != null) assertFutureExpiry(changes.expiresAt, now)
    assertPolicy(changes.policyId)
    return { ...changes, ...(changes.scopes && { scopes: uniqueScopes(changes.scopes) }) }
  })
}

/** Adds scopes to a key; those that it holds already stay. @throws as {@link updateKey} */
export function assignScopes(
  engine: Engine,
  realm: Realm,
  idOrIdentifier: string,
  scopes: string[],
  caller: Caller = {},
) {
  const added = parseInput(ScopesInput, { scopes }).scopes
  return editKey(engine, realm, idOrIdentifier, 'key.scopes_assigned', caller, (key) => ({
    scopes: uniqueScopes([...key.scopes, ...added]),
  }))
}

/** Takes scopes from a key, by their exact names; those that it does not hold are ignored. @throws as {@link updateKey} */
export function removeScopes(
  engine: Engine,
  realm: Realm,
  idOrIdentifier: string,
  scopes: string[],
  caller: Caller = {},
) {
  const removed = new Set(parseInput(ScopesInput, { scopes }).scopes)
  return editKey(engine, realm, idOrIdentifier, 'key.scopes_removed', caller, (key) => ({
    scopes: key.scopes.filter((scope) => !removed.has(scope)),
  }))
}

type Changes = { [Field in keyof EditableFields]?: EditableFields[Field] | undefined }

function editKey(
  engine: Engine,
  realm: Realm,
  idOrIdentifier: string,
  action: AuditAction,
  caller: Caller,
  decide: (key: KeyRecord, now: number) => Changes,
): Promise<Key> {
  return changeKey(engine, realm, idOrIdentifier, async (key, now) => {
    assertNotEnded(key, 'changed')
    const changes = onlyGiven(decide(key, now))
    if (Object.keys(changes).length === 0) return toKey(key, now)
    if (changes.scopes) {
      const added = changes.scopes.filter((scope) => !key.scopes.includes(scope))
      assertScopesAllowed(engine.rules, key.scopes, added, caller)
    }
    if (changes.expiresAt !== undefined) assertMayExtend(key, changes.expiresAt, caller)
    const audit = keyAudit(key, action, caller, now, describe(key, changes))
    const changed = await engine.store.editKey({ key, changes, at: now, audit })
    if (!changed) return undefined
    engine.lookUp.changed()
    return toKey(changed, now)
  })
}

function onlyGiven(changes: Changes): Partial<EditableFields> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

/** A longer life is a power too: no one gives it to a key that is stronger than they are, or to their own. */
function assertMayExtend(key: KeyRecord, expiresAt: number | null, caller: Caller): void {
  const isLonger = key.expiresAt !== null && (expiresAt === null || expiresAt > key.expiresAt)
  if (!isLonger) return
  assertWithinCaller(key.scopes, caller)
  if (caller.actor?.id === key.id) throw new KeysmithError('forbidden', 'A key can not extend its own life.')
}

/** What the audit trail says of an edit: which fields, and what became of those that decide what the key may do. */
function describe(key: KeyRecord, changes: Partial<EditableFields>): Readonly<Record<string, unknown>> {
  const { scopes, expiresAt } = changes
  return {
    fields: Object.keys(changes),
    ...(scopes && { scopes: { from: key.scopes, to: scopes } }),
    ...(expiresAt !== undefined && { expiresAt: { from: toIso(key.expiresAt), to: toIso(expiresAt) } }),
  }
}

const toIso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
