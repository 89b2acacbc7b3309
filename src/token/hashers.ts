import { randomBytes } from 'node:crypto'
import { KeysmithError } from '../core/errors.ts'
import { type MaybePromise, whenReady } from '../core/maybe-promise.ts'
import type { Hasher } from './hasher.ts'
import { sha256 } from './sha256.ts'

/** The hashers of one Keysmith: one that makes new hashes, all that prove stored ones. */
export interface Hashers {
  /** Scheme of new hashes. */
  readonly scheme: string
  /** Hashes a raw key with the current hasher. */
  hash(rawKey: string): MaybePromise<string>
  /** Proves a raw key against a stored hash of any known scheme; false for an unknown one. */
  verify(rawKey: string, scheme: string, hash: string): MaybePromise<boolean>
  /** Spends the time that a proof takes, and is false: an unknown key answers no faster than a wrong one. */
  refuse(rawKey: string): MaybePromise<boolean>
  /** Which of these schemes no hasher knows. */
  unknown(schemes: readonly string[]): string[]
  /** The scheme of a hash made elsewhere. @throws {KeysmithError} `invalid_request` when no hasher knows it, or it is not whole */
  schemeOf(hash: string): string
}

export function createHashers(current: Hasher = sha256): Hashers {
  const byScheme = new Map<string, Hasher>()
  for (const hasher of [sha256, current]) {
    for (const scheme of hasher.schemes ?? [hasher.scheme]) byScheme.set(scheme, hasher)
  }
  let decoy: MaybePromise<string> | undefined
  return {
    scheme: current.scheme,
    hash: (rawKey) => current.hash(rawKey),
    verify: (rawKey, scheme, hash) => byScheme.get(scheme)?.verify(rawKey, hash) ?? false,
    refuse(rawKey) {
      decoy ??= current.hash(randomBytes(32).toString('hex'))
      return whenReady(decoy, (hash) => whenReady(current.verify(rawKey, hash), () => false))
    },
    unknown: (schemes) => schemes.filter((scheme) => !byScheme.has(scheme)),
    schemeOf(hash) {
      for (const [scheme, hasher] of byScheme) {
        if (hash.startsWith(`${scheme}$`) && hasher.isHash?.(hash) !== false) return scheme
      }
      throw new KeysmithError(
        'invalid_request',
        `hash: give a whole hash that begins with a scheme that is configured here and "$": ${[...byScheme.keys()].join(', ')}.`,
      )
    },
  }
}
