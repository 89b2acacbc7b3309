import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memory } from '../../src/store/memory/memory-store.ts'
import { nativeFormat, readIdentifier } from '../../src/token/native-format.ts'
import { secretScanningPattern } from '../../src/token/scanning.ts'
import { counting, issue, start } from '../keysmith-under-test.ts'
import { runs } from './runs.ts'

const prefixes = fc.stringMatching(/^[a-z][a-z0-9_]{0,15}$/)
const environments = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/)
const secretLengths = fc.integer({ min: 22, max: 86 })

describe('any raw key that was issued', () => {
  it('parses, says what it is, and is found by the pattern for secret scanners', () => {
    fc.assert(
      fc.property(prefixes, environments, secretLengths, (prefix, environment, secretLength) => {
        const format = nativeFormat(secretLength)
        const { rawKey, identifier, lookup, hint } = format.issue({ prefix, environment })
        expect(nativeFormat().parse(rawKey)).toEqual({ identifier, lookup })
        expect(readIdentifier(identifier)).toEqual({ prefix, environment })
        expect(rawKey.startsWith(`${identifier}_`)).toBe(true)
        expect(rawKey.endsWith(hint)).toBe(true)
        const again = format.issue({ prefix, environment, identifier })
        expect(again.lookup).toBe(lookup)
        const pattern = secretScanningPattern({ prefix, environments: [environment], secretLength })
        expect(`key = "${rawKey}"\n`.match(new RegExp(pattern))?.[0]).toBe(rawKey)
        expect(`key = "${rawKey}"\n`).toMatch(new RegExp(secretScanningPattern({ secretLength })))
      }),
      runs(300),
    )
  })

  it('verifies, before and after a rotation, whatever the length of newer secrets', async () => {
    await fc.assert(
      fc.asyncProperty(prefixes, environments, secretLengths, async (prefix, environment, secretLength) => {
        const store = memory()
        const { keysmith } = start({ store, secretLength })
        const { key, rawKey } = await issue({ keysmith }, { prefix, environment })
        expect(key).toMatchObject({ prefix, environment })
        const other = start({ store }).keysmith
        const { rawKey: newer } = await other.keys.rotate(key.identifier)
        for (const issued of [rawKey, newer]) {
          expect((await keysmith.keys.verify(issued)).code).toBe('valid')
          expect((await other.keys.verify(issued)).code).toBe('valid')
        }
      }),
      runs(60),
    )
  })
})

describe('any change of a single character of a raw key', () => {
  const characters = fc.oneof(
    fc.constantFrom(
      ...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-. \t\n\0\u00e9\uff41\ud800',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  )

  async function refusesAll(change: (rawKey: string, position: number, character: string) => string) {
    const { store, calls } = counting(memory())
    const subject = start({ store })
    const issued = [
      await issue(subject),
      await issue(subject, { prefix: 'my_long_prefix_0', environment: 'staging2' }),
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...issued.map(({ rawKey }) => rawKey)),
        fc.nat(200),
        characters,
        async (rawKey, place, character) => {
          const changed = change(rawKey, place % rawKey.length, character)
          fc.pre(changed !== rawKey)
          expect(await subject.keysmith.keys.verify(changed)).toEqual({ valid: false, code: 'invalid' })
        },
      ),
      runs(1500),
    )
    expect(calls('find')).toBe(0)
  }

  it('is refused with no store call when one is replaced', async () => {
    await refusesAll((rawKey, position, character) => {
      return rawKey.slice(0, position) + character + rawKey.slice(position + 1)
    })
  })

  it('is refused with no store call when one is left out', async () => {
    await refusesAll((rawKey, position) => rawKey.slice(0, position) + rawKey.slice(position + 1))
  })

  it('is refused with no store call when two are swapped', async () => {
    await refusesAll((rawKey, position) => {
      const [left = '', right = ''] = rawKey.slice(position, position + 2)
      return rawKey.slice(0, position) + right + left + rawKey.slice(position + 2)
    })
  })
})
