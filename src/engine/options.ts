import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Duration } from '../core/durations.ts'
import { isKeysmithError, KeysmithError } from '../core/errors.ts'
import { DurationText, Environment, Prefix, parseInput, Scopes } from '../core/input.ts'
import type { Logger } from '../core/logger.ts'
import { coversAll, type ScopesFrom } from '../core/scopes.ts'
import type { Hasher } from '../token/hasher.ts'
import { DEFAULT_SECRET_LENGTH, MAX_SECRET_LENGTH, MIN_SECRET_LENGTH } from '../token/native-format.ts'

export interface KeysmithOptions<Scope extends string = string> {
  /** First part of new raw keys: `[a-z][a-z0-9_]{0,15}`; `sk` by default. */
  readonly prefix?: string
  /** Second part of new raw keys: `[a-z][a-z0-9]{0,15}`; `live` by default. */
  readonly environment?: string
  /** Lifetime of new keys that name none; null, the default: they never expire. */
  readonly defaultExpiry?: Duration | null
  /** How long a replaced raw key verifies, when the rotation names no grace; `24h` by default. */
  readonly gracePeriod?: Duration
  /** The scopes that keys can hold: these, and those below them. Any, when missing. Also types the scopes. */
  readonly availableScopes?: readonly Scope[]
  /** The scopes of new keys that name none; none by default. */
  readonly defaultScopes?: readonly ScopesFrom<NoInfer<Scope>>[]
  /** Characters of the secret, 22 to 86; 43 (256 bits) by default. */
  readonly secretLength?: number
  /** Hashes new raw keys; `sha256` by default. */
  readonly hasher?: Hasher
  /** Now, in milliseconds since the epoch; `Date.now` by default. */
  readonly clock?: Clock
  /** Gets what goes wrong where no caller can be told; `console` by default. */
  readonly logger?: Logger
}

const DEFAULT_GRACE = '24h'

const Options = z.strictObject({
  prefix: Prefix.default('sk'),
  environment: Environment.default('live'),
  defaultExpiry: DurationText.refine((expiry) => expiry > 0, 'Give a duration longer than 0.')
    .nullable()
    .default(null),
  gracePeriod: DurationText.prefault(DEFAULT_GRACE),
  availableScopes: Scopes.min(1).optional(),
  defaultScopes: Scopes.default([]),
  secretLength: z.int().min(MIN_SECRET_LENGTH).max(MAX_SECRET_LENGTH).default(DEFAULT_SECRET_LENGTH),
  hasher: z
    .custom<Hasher>(isHasher, 'Give an object with scheme, hash and verify, such as hmacSha256([…]).')
    .optional(),
  clock: z
    .custom<Clock>(isFunction, 'Give a function that returns milliseconds since the epoch.')
    .default(() => Date.now),
  logger: z
    .custom<Logger>(isLogger, 'Give an object with warn and error, such as a pino logger.')
    .default(() => consoleLogger),
})

export type ReadOptions = z.output<typeof Options>

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isLogger(value: unknown): boolean {
  const { warn, error } = (value ?? {}) as Partial<Logger>
  return isFunction(warn) && isFunction(error)
}

function isHasher(value: unknown): boolean {
  const { scheme, hash, verify } = (value ?? {}) as Partial<Hasher>
  return typeof scheme === 'string' && isFunction(hash) && isFunction(verify)
}

/** Checks the options. @throws {KeysmithError} `invalid_configuration` that names the option */
export function readOptions(options: KeysmithOptions): ReadOptions {
  try {
    const read = parseInput(Options, options)
    const { availableScopes, defaultScopes } = read
    if (availableScopes && !coversAll(availableScopes, defaultScopes)) {
      throw new KeysmithError('invalid_request', 'defaultScopes: each must be among availableScopes.')
    }
    return read
  } catch (error) {
    if (!isKeysmithError(error, 'invalid_request')) throw error
    throw new KeysmithError('invalid_configuration', error.message, { issues: error.issues })
  }
}

/** Writes warnings and errors to standard error. */
const consoleLogger: Logger = {
  // biome-ignore lint/suspicious/noConsole: the logger of those who configure none
  warn: (fields, message) => console.warn(`keysmith: ${message}`, fields),
  // biome-ignore lint/suspicious/noConsole: the logger of those who configure none
  error: (fields, message) => console.error(`keysmith: ${message}`, fields),
}
