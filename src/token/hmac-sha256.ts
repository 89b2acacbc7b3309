import { createHmac } from 'node:crypto'
import { KeysmithError } from '../core/errors.ts'
import { hasHexDigest, sameDigest } from './digests.ts'
import type { Hasher } from './hasher.ts'

/** A secret that is kept outside of the database, with the version that stored hashes name it by. */
export interface Pepper {
  /** A whole number from 1; never used again for another secret. */
  readonly version: number
  /** At least 32 characters, from a secure random source. */
  readonly secret: string
}

const MIN_PEPPER_LENGTH = 32

/**
 * HMAC-SHA-256 with a pepper: who has the database alone can't even test a guess.
 *
 * To change the pepper, put the new one in front and keep the older ones: a key that is proved with an older
 * pepper is hashed anew. Start-up is refused while a stored hash needs a pepper that is not here.
 *
 * @param peppers the newest first
 * @throws {KeysmithError} `invalid_configuration` for a short, missing or doubled pepper
 */
export function hmacSha256(peppers: readonly Pepper[]): Hasher {
  const [newest] = peppers
  const secrets = new Map(peppers.map(({ version, secret }) => [scheme(version), secret]))
  // A secret comes from the environment, and may be missing there.
  const sound = peppers.every(
    ({ version, secret }) =>
      Number.isSafeInteger(version) &&
      version > 0 &&
      typeof secret === 'string' &&
      secret.length >= MIN_PEPPER_LENGTH,
  )
  if (!newest || !sound || secrets.size !== peppers.length) {
    throw new KeysmithError(
      'invalid_configuration',
      `Give at least one pepper, each with a version of its own (1, 2, …) and a secret of ${MIN_PEPPER_LENGTH} characters or more.`,
    )
  }
  const digest = (rawKey: string, name: string, secret: string) =>
    `${name}$${createHmac('sha256', secret).update(rawKey).digest('hex')}`
  return {
    scheme: scheme(newest.version),
    schemes: [...secrets.keys()],
    isHash: hasHexDigest,
    hash: (rawKey) => digest(rawKey, scheme(newest.version), newest.secret),
    verify(rawKey, stored) {
      const name = stored.slice(0, stored.lastIndexOf('$'))
      const secret = secrets.get(name)
      return secret !== undefined && sameDigest(digest(rawKey, name, secret), stored)
    },
  }
}

const scheme = (version: number) => `hmac-sha256$${version}`
