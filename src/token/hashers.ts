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
  /** Proves a raw key against a stored hash; undefined when no hasher knows its scheme, and nothing can be said. */
  verify(rawKey: string, scheme: string, hash: string): MaybePromise<boolean> | undefined
  /** Spends the time that a proof takes, and is false: an unknown key answers no faster than a wrong one. */
  refuse(rawKey: string): MaybePromise<boolean>
  /** Which of these schemes no hasher knows. */
  unknown(schemes: readonly string[]): string[]
  /** The scheme of a hash made elsewhere. @throws {KeysmithError} `invalid_request` when no hasher knows it, or it is not whole */
  schemeOf(hash: string): string
}

export function createHashers(current: Hasher = sha256): Hashers {
  const byScheme = new Map<string, Hasher>([[sha256.scheme, sha256]])
  for (const scheme of schemesOf(current)) {
    if (current !== sha256 && (byScheme.has(scheme) || !SCHEME.test(scheme))) {
      throw new KeysmithError(
        'invalid_configuration',
        `hasher: "${scheme}" can't be its scheme. Use lower-case letters, digits and -, and a name that no other hasher has.`,
      )
    }
    byScheme.set(scheme, current)
  }
  let decoy: MaybePromise<string> | undefined
  return {
    scheme: current.scheme,
    hash: (rawKey) => whenReady(current.hash(rawKey), (hash) => checked(current, hash)),
    verify: (rawKey, scheme, hash) => byScheme.get(scheme)?.verify(rawKey, hash),
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

// A name, and `$` before a version: it is a part of every stored hash, and so of how hashers are told apart.
const SCHEME = /^[a-z0-9][a-z0-9-]{0,31}(\$\d{1,9})?$/

function schemesOf(hasher: Hasher): readonly string[] {
  return [...new Set([hasher.scheme, ...(hasher.schemes ?? [])])]
}

/** A hash that could not be found back to its hasher would lock its key out. */
function checked({ scheme }: Hasher, hash: string): string {
  if (typeof hash === 'string' && hash.startsWith(`${scheme}$`)) return hash
  throw new KeysmithError('invalid_configuration', `hasher: its hashes must begin with "${scheme}$".`)
}
