import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
// The largest multiple of 62 in a byte: bytes from here on are thrown away, or the first characters would come up more often.
const UNBIASED = 248

/** Characters of base62 from the system's secure random source, each equally likely (5.95 bits a character). */
export function randomBase62(length: number): string {
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length - text.length + 8)) {
      if (byte < UNBIASED && text.length < length) text += ALPHABET[byte % 62]
    }
  }
  return text
}

/** A number from 0 to 2^32 - 1 as 6 characters of base62, zeros in front. */
export function base62Checksum(value: number): string {
  let text = ''
  let rest = value
  for (let place = 0; place < 6; place++) {
    text = ALPHABET[rest % 62] + text
    rest = Math.floor(rest / 62)
  }
  return text
}
