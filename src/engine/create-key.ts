import type { z } from 'zod'
import type { Caller } from '../core/audit.ts'
import { isKeysmithError, KeysmithError } from '../core/errors.ts'
import { deepFreeze } from '../core/freeze.ts'
import { parseInput } from '../core/input.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { CreateKeyInput } from '../core/key-input.ts'
import type { Realm } from '../core/realm.ts'
import type { ClaimedCreation, IdempotencyClaim } from '../store/store.ts'
import type { IssuedRawKey, RawKeyFormat } from '../token/format.ts'
import { keyAudit } from './change-key.ts'
import { draftKey, newCredential } from './draft-key.ts'
import type { Engine } from './engine.ts'
import { toClaim } from './idempotency.ts'
import { assertFutureExpiry } from './key-rules.ts'
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

/** What a creation without an idempotency key answers: its raw key is always there. */
export interface IssuedKey<Scope extends string = string> extends CreatedKey<Scope> {
  readonly rawKey: string
}

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
    const fields = parseInput(CreateKeyInput, input)
    const { idempotencyKey } = options
    if (idempotencyKey === undefined) return await storeNewKey(engine, realm, fields, options)
    const claim = toClaim(idempotencyKey, fields, realm, options, engine.clock())
    return await engine.claims.exclusively(claim, () => createOnce(engine, realm, fields, options, claim))
  } catch (error) {
    const code = isKeysmithError(error) ? error.code : undefined
    const message = error instanceof Error ? error.message : String(error)
    engine.events.emit('key.create_failed', () => ({ code, message, actor: options.actor }))
    throw error
  }
}

/** A repetition is answered as the first call was, whatever has become of its reasons since. */
async function createOnce(
  engine: Engine,
  realm: Realm,
  fields: Fields,
  caller: Caller,
  claim: IdempotencyClaim,
): Promise<CreatedKey> {
  const earlier = await engine.store.findClaim(claim)
  return earlier ? replay(engine, realm, earlier, claim) : storeNewKey(engine, realm, fields, caller, claim)
}

type Fields = z.output<typeof CreateKeyInput>

/** The key that is asked for, but for what its raw key will tell. */
type Wanted = Omit<KeyRecord, 'identifier' | 'hint'>

function wantedKey(engine: Engine, realm: Realm, fields: Fields, caller: Caller): Wanted {
  const now = engine.clock()
  const { rules } = engine
  const expiresAt = expiryOf(fields, rules.defaultExpiry, now)
  return deepFreeze({
    ...draftKey(engine, realm, fields, caller, { now, createdAt: now, expiresAt }),
    format: fields.format ?? 'native',
    prefix: fields.prefix ?? rules.prefix,
    environment: fields.environment ?? rules.environment,
  })
}

function expiryOf(
  wanted: { expiresAt?: number | null | undefined; expiresIn?: number | undefined },
  defaultExpiry: number | null,
  now: number,
): number | null {
  const { expiresAt, expiresIn } = wanted
  if (expiresIn !== undefined && expiresAt != null) {
    throw new KeysmithError('invalid_request', 'expiresIn: give expiresAt or expiresIn, not both.')
  }
  const lifetime = expiresIn ?? (expiresAt === undefined ? defaultExpiry : null)
  const expiry = lifetime === null ? (expiresAt ?? null) : now + lifetime
  if (expiry !== null) assertFutureExpiry(expiry, now)
  return expiry
}

// Two of 62^12 identifiers are the same once in about 10^10 keys: a second try is a courtesy, a third a fault.
const MAX_TRIES = 3

async function storeNewKey(
  engine: Engine,
  realm: Realm,
  fields: Fields,
  caller: Caller,
  claim?: IdempotencyClaim,
): Promise<CreatedKey> {
  const draft = wantedKey(engine, realm, fields, caller)
  const format = formatOf(engine, draft.format)
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const issued = format.issue({ prefix: draft.prefix, environment: draft.environment })
    const record: KeyRecord = Object.freeze({ ...draft, identifier: issued.identifier, hint: issued.hint })
    const outcome = await store(engine, record, issued, caller, claim)
    if (outcome.outcome === 'claimed') return replay(engine, realm, outcome, claim)
    if (outcome.outcome === 'identifier_taken') continue
    engine.lookUp.changed()
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
  const credential = await newCredential(engine, key.id, issued, key.createdAt)
  const audit = keyAudit(key, 'key.created', caller, key.createdAt, {
    identifier: key.identifier,
    name: key.name,
    scopes: key.scopes,
  })
  return engine.store.createKey({ key, credential, audit, claim })
}

async function replay(
  engine: Engine,
  realm: Realm,
  earlier: ClaimedCreation,
  claim: IdempotencyClaim | undefined,
): Promise<CreatedKey> {
  if (earlier.fingerprint !== claim?.fingerprint) {
    throw new KeysmithError(
      'idempotency_mismatch',
      'This Idempotency-Key was used with another request. Use a new one for each request that differs.',
    )
  }
  return { key: toKey(await requireKey(engine, realm, earlier.keyId), engine.clock()) }
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
