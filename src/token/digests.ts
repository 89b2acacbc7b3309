import { timingSafeEqual } from 'node:crypto'

/** Whether two ASCII digests are the same, in a time that does not depend on where they differ. */
export function sameDigest(left: string, right: string): boolean {
  if (left.length !== right.length) return false
  return timingSafeEqual(Buffer.from(left, 'latin1'), Buffer.from(right, 'latin1'))
}

/** Whether a stored hash ends in a whole SHA-256, in hex. */
export function hasHexDigest(hash: string): boolean {
  return /\$[0-9a-f]{64}$/.test(hash)
}
