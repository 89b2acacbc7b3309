import { crc32 } from 'node:zlib'
import { base62Checksum, randomBase62 } from '../src/token/base62.ts'

/** A raw key as an attacker who has read the documentation makes it: any identifier and secret, the right checksum. */
export function forge(identifier: string, secret = 'A'.repeat(43)): string {
  const body = `${identifier}_${secret}`
  return body + base62Checksum(crc32(body))
}

/** An identifier that no key has. */
export const unknownIdentifier = () => `sk_live_${randomBase62(12)}`

/** The part of a raw key that no one else may know. */
export function secretOf(rawKey: string): string {
  return rawKey.slice(rawKey.lastIndexOf('_') + 1, -6)
}
