/** Live credentials that one key can have at once: the newest and those in their grace period. */
export const MAX_LIVE_CREDENTIALS = 5

/** Credentials of one key that are kept at once, ended ones among them: each is tried when the key is verified. */
export const MAX_KEPT_CREDENTIALS = 8

/** One stored secret of a key. */
export interface CredentialRecord {
  readonly id: string
  readonly keyId: string
  /** What a raw key is found by: the identifier, for formats that have one. Shared by all credentials of a key. */
  readonly lookup: string
  /** Hash of the raw key, with the hasher's name and parameters in front. */
  readonly hash: string
  /** Hasher and pepper version of `hash` (`sha256`, `hmac-sha256$2`): start-up asks which are in use. */
  readonly scheme: string
  /** The last four characters of the raw key. */
  readonly hint: string
  readonly createdAt: number
  /** The first moment at which it no longer verifies; null: lives as long as its key. */
  readonly endsAt: number | null
}

/** Whether a replaced credential is past its grace. */
export function hasEnded(credential: { readonly endsAt: number | null }, now: number): boolean {
  return credential.endsAt !== null && credential.endsAt <= now
}
