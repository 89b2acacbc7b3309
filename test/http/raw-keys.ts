import { crc32 } from 'node:zlib'
import { base62Checksum, randomBase62 } from '../../src/token/base62.ts'

/** A raw key of this identifier, well formed, with a secret that is not the right one. */
export function forge(identifier: string, secret = 'A'.repeat(43)): string {
  const body = `${identifier}_${secret}`
  return body + base62Checksum(crc32(body))
}

/** An identifier that no key has. */
export const unknownIdentifier = () => `sk_live_${randomBase62(12)}`

/** The part of a raw key that is to be kept secret, without its checksum. */
export const secretOf = (rawKey: string) => rawKey.slice(rawKey.lastIndexOf('_') + 1, -6)
