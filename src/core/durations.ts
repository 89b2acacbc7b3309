import ms from 'ms'
import { KeysmithError } from './errors.ts'

/** A length of time such as `30s`, `15m`, `24h`, `90d`, `2w` or `1y` (365.25 days). Whole or decimal, never negative. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w' | 'y'}`

// `ms` alone is too generous: it reads "-1h", "100" (a bare number) and "1 hour".
const DURATION = /^\d{1,9}(\.\d{1,3})?(ms|s|m|h|d|w|y)$/
const MAX_MS = 100 * 365.25 * 86_400_000

/**
 * Milliseconds of a duration, from 0 to 100 years.
 *
 * @throws {KeysmithError} `invalid_request` for anything else: an unreadable limit is never "no limit"
 */
export function parseDuration(text: string): number {
  if (typeof text === 'string' && DURATION.test(text)) {
    const milliseconds = ms(text as ms.StringValue)
    if (milliseconds <= MAX_MS) return Math.round(milliseconds)
  }
  throw new KeysmithError(
    'invalid_request',
    'Write a duration as a number and a unit (ms, s, m, h, d, w, y), 100y at most: "30s", "24h", "90d".',
  )
}
