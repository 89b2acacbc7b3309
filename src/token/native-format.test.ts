import { describe, expect, it } from 'vitest'
import { forge } from '../../test/forge.ts'
import { nativeFormat, readIdentifier } from './native-format.ts'

const format = nativeFormat()
const sk = { prefix: 'sk', environment: 'live' }

describe('a native raw key', () => {
  it('has prefix, environment, 12 characters of identifier, 43 of secret and 6 of checksum', () => {
    const { rawKey, identifier, lookup, hint } = format.issue(sk)
    expect(rawKey).toMatch(/^sk_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/)
    expect(rawKey.startsWith(`${identifier}_`)).toBe(true)
    expect(lookup).toBe(identifier)
    expect(hint).toBe(rawKey.slice(-4))
  })

  it('is another one each time, and keeps the identifier that it is given', () => {
    const issued = Array.from({ length: 1000 }, () => format.issue(sk))
    expect(new Set(issued.map(({ identifier }) => identifier)).size).toBe(1000)
    const again = format.issue({ ...sk, identifier: 'sk_live_abcdefghijkl' })
    expect(again.identifier).toBe('sk_live_abcdefghijkl')
    expect(format.parse(again.rawKey)).toEqual({ identifier: again.identifier, lookup: again.lookup })
  })

  it.each(['sk', 'sk_live', 'my_app_v2', 'a_', 'a__b', 'sk_'])(
    'is read from the right: prefix %s',
    (prefix) => {
      const { rawKey, identifier } = format.issue({ prefix, environment: 'test' })
      expect(format.parse(rawKey)?.identifier).toBe(identifier)
      expect(readIdentifier(identifier)).toEqual({ prefix, environment: 'test' })
    },
  )

  it('parses whatever its secret length was, from 22 to 86', () => {
    for (const length of [22, 43, 86]) {
      expect(format.parse(nativeFormat(length).issue(sk).rawKey)).toBeDefined()
    }
    expect(format.parse(forge('sk_live_abcdefghijkl', 'A'.repeat(21)))).toBeUndefined()
    expect(format.parse(forge('sk_live_abcdefghijkl', 'A'.repeat(87)))).toBeUndefined()
  })

  it('of today is one for ever', () => {
    const rawKey = 'sk_live_4eC39HqLyjWD_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
    expect(format.parse(forge('sk_live_4eC39HqLyjWD'))?.identifier).toBe('sk_live_4eC39HqLyjWD')
    expect(forge('sk_live_4eC39HqLyjWD').slice(0, -6)).toBe(rawKey)
  })

  it.each([
    ['nothing', ''],
    ['an identifier alone', 'sk_live_abcdefghijkl'],
    ['a checksum that is wrong', `${forge('sk_live_abcdefghijkl').slice(0, -1)}!`],
    ['a checksum of other text', forge('sk_live_abcdefghijkl').replace('sk', 'ak')],
    ['a space at the end', `${forge('sk_live_abcdefghijkl')} `],
    ['a line break at the end', `${forge('sk_live_abcdefghijkl')}\n`],
    ['a NUL at the end', `${forge('sk_live_abcdefghijkl')}\0`],
    ['a space inside, right checksum', forge('sk_live_abcdefghijkl', `${'A'.repeat(42)} `)],
    ['a NUL inside, right checksum', forge('sk_live_abcdefghijk\0')],
    ['full-width letters, right checksum', forge('ｓｋ_live_abcdefghijkl')],
    ['a full-width secret, right checksum', forge('sk_live_abcdefghijkl', 'Ａ'.repeat(43))],
    ['upper case in the prefix, right checksum', forge('SK_live_abcdefghijkl')],
    ['a digit in front, right checksum', forge('1k_live_abcdefghijkl')],
    ['an identifier too short, right checksum', forge('sk_live_abcdefghijk')],
    ['an identifier too long, right checksum', forge('sk_live_abcdefghijklm')],
    ['no prefix, right checksum', forge('live_abcdefghijkl')],
    ['a prefix too long, right checksum', forge(`${'p'.repeat(17)}_live_abcdefghijkl`)],
    ['a secret with _, right checksum', forge('sk_live_abcdefghijkl', `${'A'.repeat(21)}_${'A'.repeat(21)}`)],
    ['far too much', 'sk_live_abcdefghijkl_'.repeat(100_000)],
    ['a long run without _', 'a'.repeat(1_000_000)],
  ])('is not %s', (_, text) => {
    expect(format.parse(text)).toBeUndefined()
  })

  it('is found by its identifier, and by nothing else', () => {
    expect(format.lookupOf('sk_live_abcdefghijkl')).toBe('sk_live_abcdefghijkl')
    for (const text of ['', 'akey_x', 'sk_live_', 'sk_live_abcdefghijkl\n', forge('sk_live_abcdefghijkl')]) {
      expect(format.lookupOf(text)).toBeUndefined()
    }
  })
})
