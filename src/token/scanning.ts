import { DEFAULT_SECRET_LENGTH } from './native-format.ts'

export interface ScanningOptions {
  /** Prefix of the raw keys to find; any, when missing. */
  readonly prefix?: string
  /** Environments of the raw keys to find; any, when missing. */
  readonly environments?: readonly string[]
  /** Characters of the secret, 43 by default. */
  readonly secretLength?: number
}

/**
 * A regular expression that finds raw keys in code, logs and commits: for secret scanners (GitHub custom
 * patterns, gitleaks, trufflehog). In the syntax that RE2, PCRE and JavaScript share.
 *
 * @example secretScanningPattern({ prefix: 'sk', environments: ['live'] })
 * // \bsk_(?:live)_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\b
 */
export function secretScanningPattern(options: ScanningOptions = {}): string {
  const prefix = options.prefix ?? '[a-z][a-z0-9_]{0,15}'
  const environment = options.environments ? `(?:${options.environments.join('|')})` : '[a-z][a-z0-9]{0,15}'
  const secret = (options.secretLength ?? DEFAULT_SECRET_LENGTH) + 6
  return `\\b${prefix}_${environment}_[0-9A-Za-z]{12}_[0-9A-Za-z]{${secret}}\\b`
}
