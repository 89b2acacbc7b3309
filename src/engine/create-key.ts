import type { Caller } from '../core/audit.ts'
import { isKeysmithError, KeysmithError } from '../core/errors.ts'
import { deepFreeze } from '../core/freeze.ts'
import { newId } from '../core/ids.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { CreateKeyInput } from '../core/key-input.ts'
import { DEFAULT_APP, DEFAULT_TENANT, EVERY, narrowRealm, type Realm } from '../core/realm.ts'
import { holdsManagementScope } from '../core/scopes.ts'
import type { CreationOutcome, IdempotencyClaim } from '../store/store.ts'
import type { IssuedRawKey, RawKeyFormat } from '../token/format.ts'
import { keyAudit } from './change-key.ts'
import type { Engine } from './engine.ts'
import { toClaim } from './idempotency.ts'
import { assertFutureExpiry, assertPolicy, assertScopesAllowed, uniqueScopes } from './key-rules.ts'
import { requireKey } from './read-keys.ts'

export interface CreateOptions extends Caller {
  /** Calls with the same token, by the same actor, within 24 hours, are one creation. */
  readonly idempotencyKey?: string | undefined
}

export interface CreatedKey<Scope extends string = string> {
  readonly key: Key<Scope>
  /**
   * The string that clients send. This is the only time it is known: hand it over and forget it. Missing when
   * this call repeats an earlier one with the same idempotency key.
   */
  readonly rawKey?: string
}

type KeyDraft = Omit<KeyRecord, 'identifier' | 'hint'>

/**
 * Makes a key. Key, credential, scopes and audit event are one transaction.
 *
 * @throws {KeysmithError} `invalid_request`, `forbidden`, `scope_not_available`, `policy_not_found`,
 *   `idempotency_mismatch`, `idempotency_in_progress`, `unavailable`
 */
export async function createKey(
  engine: Engine,
  realm: Realm,
  input: CreateKeyInput,
  options: CreateOptions = {},
): Promise<CreatedKey> {
  try {
    const draft = draftKey(engine, realm, input, options)
    const { idempotencyKey } = options
    if (idempotencyKey === undefined) return await storeNewKey(engine, draft, options)
    const claim = toClaim(idempotencyKey, { ...input, realm }, options, draft.createdAt)
    return await engine.claims.exclusively(claim, () => storeNewKey(engine, draft, options, claim))
  } catch (error) {
    const code = isKeysmithError(error) ? error.code : undefined
    const message = error instanceof Error ? error.message : String(error)
    engine.events.emit('key.create_failed', () => ({ code, message, actor: options.actor }))
    throw error
  }
}

function draftKey(engine: Engine, realm: Realm, input: CreateKeyInput, caller: Caller): KeyDraft {
  const now = engine.clock()
  const { rules } = engine
  const fields = parseInput(CreateKeyInput, input)
  const scopes = uniqueScopes(fields.scopes ?? rules.defaultScopes)
  assertScopesAllowed(rules, scopes, caller)
  assertPolicy(fields.policyId)
  return deepFreeze({
    id: newId('key'),
    ...placeOf(realm, fields, scopes),
    format: fields.format ?? 'native',
    prefix: fields.prefix ?? rules.prefix,
    environment: fields.environment ?? rules.environment,
    name: fields.name,
    description: fields.description ?? '',
    kind: fields.kind ?? 'service',
    ownerId: fields.ownerId ?? null,
    scopes,
    policyId: null,
    metadata: fields.metadata ?? {},
    state: 'active',
    stateReason: null,
    stateChangedAt: now,
    createdAt: now,
    createdBy: caller.actor?.id ?? null,
    updatedAt: now,
    expiresAt: expiryOf(fields, rules.defaultExpiry, now),
    lastUsedAt: null,
    rotatedAt: null,
    version: 1,
  })
}

/**
 * Tenant and app of a new key. Only a management key can belong to every tenant; one whose app is not named
 * is bound to its tenant alone.
 */
export function placeOf(
  walls: Realm,
  wanted: Realm,
  scopes: readonly string[],
): { tenantId: string; appId: string } {
  const manages = holdsManagementScope(scopes)
  const within = narrowRealm(walls, { tenantId: wanted.tenantId, appId: wanted.appId })
  const place = {
    tenantId: within.tenantId ?? DEFAULT_TENANT,
    appId: within.appId ?? (manages ? EVERY : DEFAULT_APP),
  }
  if (!manages && (place.tenantId === EVERY || place.appId === EVERY)) {
    throw new KeysmithError(
      'invalid_request',
      `tenantId: only a key with management scopes can belong to every tenant or app ("${EVERY}").`,
    )
  }
  return place
}

export function expiryOf(
  wanted: { expiresAt?: number | null | undefined; expiresIn?: number | undefined },
  defaultExpiry: number | null,
  now: number,
): number | null {
  const { expiresAt, expiresIn } = wanted
  if (expiresIn !== undefined) {
    if (expiresAt != null)
      throw new KeysmithError('invalid_request', 'expiresIn: give expiresAt or expiresIn, not both.')
    assertFutureExpiry(now + expiresIn, now)
    return now + expiresIn
  }
  if (expiresAt != null) assertFutureExpiry(expiresAt, now)
  if (expiresAt === undefined) return defaultExpiry === null ? null : now + defaultExpiry
  return expiresAt
}

// Two of 62^12 identifiers are the same once in about 10^10 keys: a second try is a courtesy, a third a fault.
const MAX_TRIES = 3

async function storeNewKey(
  engine: Engine,
  draft: KeyDraft,
  caller: Caller,
  claim?: IdempotencyClaim,
): Promise<CreatedKey> {
  const format = formatOf(engine, draft.format)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const issued = format.issue({ prefix: draft.prefix, environment: draft.environment })
    const record: KeyRecord = Object.freeze({ ...draft, identifier: issued.identifier, hint: issued.hint })
    const outcome = await store(engine, record, issued, caller, claim)
    if (outcome.outcome === 'claimed') return replay(engine, outcome, claim)
    if (outcome.outcome === 'identifier_taken') continue
    engine.lookUp.appeared(issued.lookup)
    const key = toKey(record, record.createdAt)
    engine.events.emit('key.created', () => ({ key, actor: caller.actor }))
    return { key, rawKey: issued.rawKey }
  }
  throw new KeysmithError(
    'identifier_taken',
    'No free identifier was found. Is the random source of this machine sound?',
  )
}

async function store(
  engine: Engine,
  key: KeyRecord,
  issued: IssuedRawKey,
  caller: Caller,
  claim?: IdempotencyClaim,
) {
  const credential = {
    id: newId('credential'),
    keyId: key.id,
    lookup: issued.lookup,
    hash: await engine.hashers.hash(issued.rawKey),
    scheme: engine.hashers.scheme,
    hint: issued.hint,
    createdAt: key.createdAt,
    endsAt: null,
  }
  const audit = keyAudit(key, 'key.created', caller, key.createdAt, {
    identifier: key.identifier,
    name: key.name,
    scopes: key.scopes,
  })
  return engine.store.createKey({ key, credential, audit, claim })
}

async function replay(
  engine: Engine,
  earlier: CreationOutcome & { outcome: 'claimed' },
  claim: IdempotencyClaim | undefined,
): Promise<CreatedKey> {
  if (earlier.fingerprint !== claim?.fingerprint) {
    throw new KeysmithError(
      'idempotency_mismatch',
      'This Idempotency-Key was used with another request. Use a new one for each request that differs.',
    )
  }
  return { key: toKey(await requireKey(engine, {}, earlier.keyId), engine.clock()) }
}

/** The format of this name. @throws {KeysmithError} `invalid_configuration` when it is not switched on */
export function formatOf(engine: Engine, name: string): RawKeyFormat {
  const format = engine.formats.find((candidate) => candidate.name === name)
  if (format) return format
  throw new KeysmithError(
    'invalid_configuration',
    `Raw keys of format "${name}" can't be made: the format is not switched on.`,
  )
}
