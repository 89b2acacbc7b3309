import type { MaybePromise } from '../core/maybe-promise.ts'

/**
 * Turns raw keys into what is stored, and proves a raw key against it.
 *
 * Every stored hash begins with a scheme and `$`, so that hashers live side by side and a key moves to the
 * current one when it next verifies.
 */
export interface Hasher {
  /** Scheme of the hashes that it makes: letters, digits, `-`, and `$` before a version (`hmac-sha256$2`). */
  readonly scheme: string
  /** All schemes that it can prove, its own among them. Its own only, when missing. */
  readonly schemes?: readonly string[]
  /** Whether a hash made elsewhere is whole, so that it can be imported. Any is, when missing. */
  isHash?(hash: string): boolean
  /** The hash to store, the scheme and `$` in front. */
  hash(rawKey: string): MaybePromise<string>
  /** Whether the raw key is the one of the hash. Must take as long for a wrong key as for a right one. */
  verify(rawKey: string, hash: string): MaybePromise<boolean>
}
