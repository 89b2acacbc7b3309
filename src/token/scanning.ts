import { z } from 'zod'
import { Environment, Prefix, parseInput } from '../core/input.ts'
import {
  CHECKSUM_LENGTH,
  DEFAULT_SECRET_LENGTH,
  MAX_SECRET_LENGTH,
  MIN_SECRET_LENGTH,
} from './native-format.ts'

export interface ScanningOptions {
  /** Prefix of the raw keys to find; any, when missing. */
  readonly prefix?: string
  /** Prefixes of the raw keys to find, beside `prefix`. The root key of `keysmith serve` has `ksm`. */
  readonly prefixes?: readonly string[]
  /** Environments of the raw keys to find; any, when missing. */
  readonly environments?: readonly string[]
  /** Characters of the secret, 43 by default. */
  readonly secretLength?: number
}

const Options = z.strictObject({
  prefix: Prefix.optional(),
  prefixes: z.array(Prefix).min(1).optional(),
  environments: z.array(Environment).min(1).optional(),
  secretLength: z.int().min(MIN_SECRET_LENGTH).max(MAX_SECRET_LENGTH).default(DEFAULT_SECRET_LENGTH),
})

/**
 * A regular expression that finds raw keys in code, logs and commits: for secret scanners (GitHub custom
 * patterns, gitleaks, trufflehog). In the syntax that RE2, PCRE and JavaScript share.
 *
 * @throws {KeysmithError} `invalid_request` for what no raw key has, and for empty lists: they would find nothing
 * @example secretScanningPattern({ prefixes: ['sk', 'ksm'], environments: ['live'] })
 * // \b(?:sk|ksm)_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b
 */
export function secretScanningPattern(options: ScanningOptions = {}): string {
  const { prefix, prefixes = [], environments = [], secretLength } = parseInput(Options, options)
  const first = oneOf(prefix === undefined ? prefixes : [prefix, ...prefixes]) ?? '[a-z][a-z0-9_]{0,15}'
  const second = oneOf(environments) ?? '[a-z][a-z0-9]{0,15}'
  const secret = secretLength + CHECKSUM_LENGTH
  return `\\b${first}_${second}_[0-9A-Za-z]{12}_[0-9A-Za-z]{${secret}}\\b`
}

function oneOf(words: readonly string[]): string | undefined {
  const [first, ...others] = new Set(words)
  return others.length > 0 ? `(?:${[first, ...others].join('|')})` : first
}
