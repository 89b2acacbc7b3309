import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import { type Duration, parseDuration } from '../core/durations.ts'
import { isKeysmithError, KeysmithError } from '../core/errors.ts'
import { Environment, Prefix, parseInput, Scopes } from '../core/input.ts'
import type { Logger } from '../core/logger.ts'
import { coversAll } from '../core/scopes.ts'
import type { Hasher } from '../token/hasher.ts'
import { DEFAULT_SECRET_LENGTH, MAX_SECRET_LENGTH, MIN_SECRET_LENGTH } from '../token/native-format.ts'
import type { Rules } from './engine.ts'

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
  readonly defaultScopes?: readonly NoInfer<Scope>[]
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

const Settings = z.object({
  prefix: Prefix.default('sk'),
  environment: Environment.default('live'),
  secretLength: z.int().min(MIN_SECRET_LENGTH).max(MAX_SECRET_LENGTH).default(DEFAULT_SECRET_LENGTH),
  availableScopes: Scopes.min(1).optional(),
  defaultScopes: Scopes.default([]),
})

/** Checks the options. @throws {KeysmithError} `invalid_configuration` that names the option */
export function readOptions(options: KeysmithOptions): Rules & { secretLength: number } {
  try {
    const settings = parseInput(Settings, options)
    const { availableScopes, defaultScopes } = settings
    if (availableScopes && !coversAll(availableScopes, defaultScopes)) {
      throw new KeysmithError('invalid_request', 'defaultScopes: each must be among availableScopes.')
    }
    return {
      ...settings,
      availableScopes,
      defaultExpiry:
        options.defaultExpiry == null ? null : readDuration('defaultExpiry', options.defaultExpiry, 1),
      gracePeriod: readDuration('gracePeriod', options.gracePeriod ?? DEFAULT_GRACE, 0),
    }
  } catch (error) {
    if (!isKeysmithError(error, 'invalid_request')) throw error
    throw new KeysmithError('invalid_configuration', error.message, { issues: error.issues })
  }
}

function readDuration(name: string, text: string, least: number): number {
  try {
    const duration = parseDuration(text)
    if (duration >= least) return duration
    throw new KeysmithError('invalid_request', 'Give a duration longer than 0.')
  } catch (error) {
    throw new KeysmithError('invalid_request', `${name}: ${(error as Error).message}`)
  }
}

/** Writes warnings and errors to standard error. */
export const consoleLogger: Logger = {
  // biome-ignore lint/suspicious/noConsole: the logger of those who configure none
  warn: (fields, message) => console.warn(`keysmith: ${message}`, fields),
  // biome-ignore lint/suspicious/noConsole: the logger of those who configure none
  error: (fields, message) => console.error(`keysmith: ${message}`, fields),
}
