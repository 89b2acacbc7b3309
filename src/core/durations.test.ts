import { describe, expect, it } from 'vitest'
import { parseDuration } from './durations.ts'
import { isKeysmithError } from './errors.ts'

describe('a duration', () => {
  it.each([
    ['0s', 0],
    ['250ms', 250],
    ['30s', 30_000],
    ['1.5m', 90_000],
    ['24h', 86_400_000],
    ['90d', 7_776_000_000],
    ['2w', 1_209_600_000],
    ['1y', 31_557_600_000],
    ['100y', 3_155_760_000_000],
  ])('%s is %i milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds)
  })

  it.each([
    '',
    ' ',
    '-1h',
    '+1h',
    '1',
    '100',
    'h',
    '1y2',
    '1 hour',
    '1hour',
    '1H',
    '1h ',
    '1h\n',
    '.5h',
    '1.h',
    '1e3s',
    '101y',
    '9999999999s',
    'Infinity',
    'NaNs',
    '１h',
    null,
    undefined,
    24,
    {},
    [['1h']],
  ])('%j is refused, never taken for "no limit"', (text) => {
    try {
      parseDuration(text as string)
    } catch (error) {
      expect(isKeysmithError(error, 'invalid_request')).toBe(true)
      return
    }
    expect.unreachable()
  })
})
