import type { CredentialRecord } from '../core/credential.ts'
import { type DenialCode, KeysmithError } from '../core/errors.ts'
import { type Key, type KeyRecord, toKey } from '../core/key.ts'
import { VerifyKeyInput } from '../core/key-input.ts'
import { type MaybePromise, whenReady } from '../core/maybe-promise.ts'
import { isWithin, type Realm } from '../core/realm.ts'
import { assertRequirement, meets } from '../core/scopes.ts'
import { judge, type VerifyRequest, type VerifyResult } from '../core/verification.ts'
import type { KeyMatch } from '../store/store.ts'
import type { ParsedRawKey } from '../token/format.ts'
import type { Engine } from './engine.ts'

/**
 * Decides whether a raw key may be used for a request, in this order: shape and checksum, look-up, secret,
 * tenant, state, expiry, grace, scopes. Malformed, unknown, wrong secret and wrong tenant are one answer.
 *
 * Answers without a promise when the store does.
 */
export function verifyKey(
  engine: Engine,
  realm: Realm,
  rawKey: string,
  request: VerifyRequest = {},
): MaybePromise<VerifyResult> {
  assertVerifyRequest(request)
  const parsed = parseRawKey(engine, rawKey)
  if (!parsed) return refuse(engine, undefined)
  return whenReady(engine.lookUp.find(parsed.lookup), (match) =>
    whenReady(prove(engine, rawKey, match), (credential) =>
      match && credential && isWithin(realm, match.key) && isWithin({ tenantId: request.tenantId }, match.key)
        ? decide(engine, rawKey, match.key, credential, request)
        : refuse(engine, parsed),
    ),
  )
}

const KNOWN_FIELDS = new Set(Object.keys(VerifyKeyInput.shape))

/** A guard with a typo must not let through: `{ scope: 'admin' }` asks for nothing. By hand, for speed. */
function assertVerifyRequest(request: VerifyRequest): void {
  if (typeof request !== 'object' || request === null) {
    throw new KeysmithError(
      'invalid_request',
      'Give what the request needs as an object: { scopes: ["read:users"] }.',
    )
  }
  for (const field in request) {
    if (!KNOWN_FIELDS.has(field)) {
      throw new KeysmithError(
        'invalid_request',
        `${field}: this field is not known here. Known: ${[...KNOWN_FIELDS].join(', ')}.`,
      )
    }
  }
  if (request.scopes !== undefined) assertRequirement(request.scopes)
}

function parseRawKey(engine: Engine, rawKey: unknown): ParsedRawKey | undefined {
  if (typeof rawKey !== 'string') return undefined
  for (const format of engine.formats) {
    const parsed = format.parse(rawKey)
    if (parsed) return parsed
  }
  return undefined
}

/** The credential whose secret the raw key holds, trying the newest first. */
function prove(
  engine: Engine,
  rawKey: string,
  match: KeyMatch | undefined,
): MaybePromise<CredentialRecord | undefined> {
  if (!match) return whenReady(engine.hashers.refuse(rawKey), () => undefined)
  let unknown: string | undefined
  const attempt = (index: number): MaybePromise<CredentialRecord | undefined> => {
    const credential = match.credentials[index]
    if (!credential) return unknown === undefined ? undefined : undecidable(unknown)
    const { scheme, hash } = credential
    const proof = engine.hashers.verify(rawKey, scheme, hash)
    if (proof === undefined) unknown = scheme
    return whenReady(proof, (proved) => (proved === true ? credential : attempt(index + 1)))
  }
  return attempt(0)
}

/** A hash that can't be read is no wrong secret: another process uses a hasher or pepper that this one lacks. */
function undecidable(scheme: string): never {
  throw new KeysmithError(
    'pepper_missing',
    `A hash of scheme "${scheme}" can't be proved here. Configure its hasher or pepper.`,
  )
}

function refuse(engine: Engine, parsed: ParsedRawKey | undefined): VerifyResult {
  engine.events.emit('key.validation_failed', () => ({
    code: 'invalid',
    ...(parsed && { identifier: parsed.identifier }),
  }))
  return { valid: false, code: 'invalid' }
}

function decide(
  engine: Engine,
  rawKey: string,
  record: KeyRecord,
  credential: CredentialRecord,
  request: VerifyRequest,
): VerifyResult {
  const now = engine.clock()
  const key = toKey(record, now)
  const denial = judge(record, credential, now)
  if (denial) return deny(engine, denial, key)
  if (request.scopes !== undefined && !meets(record.scopes, request.scopes)) {
    return deny(engine, 'insufficient_scope', key)
  }
  engine.lastUsed.note(record.id)
  if (credential.scheme !== engine.hashers.scheme) rehash(engine, rawKey, credential)
  engine.events.emit('key.validated', () => ({ key }))
  return { valid: true, code: 'valid', key, scopes: key.scopes }
}

function deny(engine: Engine, code: DenialCode, key: Key): VerifyResult {
  engine.events.emit('key.validation_failed', () => ({ code, identifier: key.identifier, key }))
  if (code === 'expired') engine.events.emit('key.expired', () => ({ key }))
  return { valid: false, code, key }
}

/** Moves a proved credential to the current hasher, after the answer. */
function rehash(engine: Engine, rawKey: string, credential: CredentialRecord): void {
  engine.background.run(`rehash ${credential.id}`, async () => {
    const hash = await engine.hashers.hash(rawKey)
    await engine.store.rehashCredential(credential.id, credential.hash, {
      hash,
      scheme: engine.hashers.scheme,
    })
    engine.lookUp.changed()
  })
}
