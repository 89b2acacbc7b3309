import { hash } from 'node:crypto'
import { hasHexDigest, sameDigest } from './digests.ts'
import type { Hasher } from './hasher.ts'

const SCHEME = 'sha256'

const digest = (rawKey: string) => `${SCHEME}$${hash('sha256', rawKey, 'hex')}`

/**
 * SHA-256, hex. Right for secrets of 112 random bits or more, which no one can guess: a slow hash adds cost
 * and no safety there (NIST SP 800-63B 5.1.4.2; OWASP ASVS 5.0 11.5).
 */
export const sha256: Hasher = {
  scheme: SCHEME,
  isHash: hasHexDigest,
  hash: digest,
  verify: (rawKey, stored) => sameDigest(digest(rawKey), stored),
}
