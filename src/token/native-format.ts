import { crc32 } from 'node:zlib'
import { base62Checksum, randomBase62 } from './base62.ts'
import type { IssuedRawKey, IssueOptions, RawKeyFormat } from './format.ts'

/**
 * `{prefix}_{environment}_{identifier}_{secret}{checksum}`, letters, digits and `_` only: a double click selects
 * it whole, and a secret scanner's regular expression finds it.
 *
 * - identifier: 12 characters of base62
 * - secret: 43 characters of base62 by default, 256 bits
 * - checksum: CRC-32 of all before it as 6 characters of base62. It is no protection against an attacker: it
 *   keeps typing errors and garbage from reaching the database.
 *
 * Prefixes may hold `_`, so the parts are read from the right.
 */
const IDENTIFIER = /^[a-z][a-z0-9_]{0,15}_[a-z][a-z0-9]{0,15}_[0-9A-Za-z]{12}$/
const SECRET = /^[0-9A-Za-z]+$/
export const CHECKSUM_LENGTH = 6
export const DEFAULT_SECRET_LENGTH = 43
// 22 characters of base62 are 131 bits: NIST SP 800-63B (112 bits) and a margin, so that a fast hash is enough.
export const MIN_SECRET_LENGTH = 22
export const MAX_SECRET_LENGTH = 86
const MAX_RAW_KEY_LENGTH = 16 + 1 + 16 + 1 + 12 + 1 + MAX_SECRET_LENGTH + CHECKSUM_LENGTH

export function nativeFormat(secretLength = DEFAULT_SECRET_LENGTH): RawKeyFormat {
  return {
    name: 'native',

    issue({
      prefix,
      environment,
      identifier = `${prefix}_${environment}_${randomBase62(12)}`,
    }: IssueOptions): IssuedRawKey {
      const body = `${identifier}_${randomBase62(secretLength)}`
      const rawKey = body + base62Checksum(crc32(body))
      return { rawKey, identifier, lookup: identifier, hint: rawKey.slice(-4) }
    },

    parse(rawKey) {
      if (rawKey.length > MAX_RAW_KEY_LENGTH) return undefined
      const bodyEnd = rawKey.length - CHECKSUM_LENGTH
      const secretStart = rawKey.lastIndexOf('_') + 1
      const secretLengthSeen = bodyEnd - secretStart
      if (secretLengthSeen < MIN_SECRET_LENGTH || secretLengthSeen > MAX_SECRET_LENGTH) return undefined
      if (!SECRET.test(rawKey.slice(secretStart))) return undefined
      const identifier = rawKey.slice(0, secretStart - 1)
      if (!IDENTIFIER.test(identifier)) return undefined
      if (base62Checksum(crc32(rawKey.slice(0, bodyEnd))) !== rawKey.slice(bodyEnd)) return undefined
      return { identifier, lookup: identifier }
    },

    lookupOf: (identifier) => (IDENTIFIER.test(identifier) ? identifier : undefined),
  }
}

/** What the identifier of a native raw key says: its prefix and its environment. */
export function readIdentifier(identifier: string): { prefix: string; environment: string } {
  const [environment = '', ...prefix] = identifier.split('_').slice(0, -1).reverse()
  return { prefix: prefix.reverse().join('_'), environment }
}
