import { describe, expect, it } from 'vitest'
import { nativeFormat } from './native-format.ts'
import { secretScanningPattern } from './scanning.ts'

const issue = (prefix = 'sk', environment = 'live', secretLength = 43) =>
  nativeFormat(secretLength).issue({ prefix, environment }).rawKey

describe('the pattern for secret scanners', () => {
  it.each([
    ['in an assignment', (key: string) => `KEY="${key}"`],
    ['in a URL', (key: string) => `https://x.test/?key=${key}&b=1`],
    ['at the end of a line', (key: string) => `key: ${key}\nnext`],
    ['in JSON', (key: string) => JSON.stringify({ key })],
    ['alone', (key: string) => key],
  ])('finds a raw key %s', (_, text) => {
    const rawKey = issue()
    expect(text(rawKey).match(new RegExp(secretScanningPattern()))?.[0]).toBe(rawKey)
  })

  it('finds all keys in a text', () => {
    const keys = [issue(), issue('my_app', 'test'), issue('a', 'dev')]
    const found = keys.join(', ').match(new RegExp(secretScanningPattern(), 'g'))
    expect(found).toEqual(keys)
  })

  it('finds those of a prefix and of environments only, when asked to', () => {
    const pattern = new RegExp(secretScanningPattern({ prefix: 'sk', environments: ['live', 'test'] }))
    expect(issue()).toMatch(pattern)
    expect(issue('sk', 'test')).toMatch(pattern)
    expect(issue('sk', 'dev')).not.toMatch(pattern)
    expect(issue('pk', 'live')).not.toMatch(pattern)
  })

  it('finds those of several prefixes, and the one prefix among them', () => {
    for (const options of [{ prefixes: ['sk', 'ksm'] }, { prefix: 'sk', prefixes: ['ksm', 'sk'] }]) {
      const pattern = new RegExp(secretScanningPattern(options))
      expect(pattern.source).toMatch(/^\\b\(\?:sk\|ksm\)_/)
      expect(issue('sk')).toMatch(pattern)
      expect(issue('ksm')).toMatch(pattern)
      expect(issue('pk')).not.toMatch(pattern)
    }
  })

  it.each([
    { prefix: 'SK' },
    { prefix: '' },
    { prefixes: [] },
    { prefixes: ['sk', 'a|b'] },
    { environments: [] },
    { environments: ['live', ''] },
    { environments: ['a_b'] },
    { secretLength: 21 },
    { secretLength: 43.5 },
  ])('is refused for what no raw key has: %j', (options) => {
    expect(() => secretScanningPattern(options)).toThrow(
      expect.objectContaining({ code: 'invalid_request', issues: [expect.anything()] }),
    )
  })

  it('finds secrets of the configured length', () => {
    expect(issue('sk', 'live', 22)).toMatch(new RegExp(secretScanningPattern({ secretLength: 22 })))
    expect(issue('sk', 'live', 22)).not.toMatch(new RegExp(secretScanningPattern()))
  })

  it('finds neither identifiers nor hashes', () => {
    const text = `sk_live_4eC39HqLyjWD sha256$${'0'.repeat(64)} akey_01h455vb4pex5vsknk084sn02q`
    expect(text).not.toMatch(new RegExp(secretScanningPattern()))
  })
})
