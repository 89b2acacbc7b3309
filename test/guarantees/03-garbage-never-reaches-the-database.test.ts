import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { UnavailableError } from '../../src/core/errors.ts'
import { memory } from '../../src/store/memory/memory-store.ts'
import type { Store } from '../../src/store/store.ts'
import { forge, unknownIdentifier } from '../forge.ts'
import { counting, fault, issue, SECOND, start } from '../keysmith-under-test.ts'

/** A memory store that answers `find` later: when it is let. */
function slow(): { store: Store; answer: () => void; fails: (error: Error | undefined) => void } {
  const inner = memory()
  let waiting: (() => void)[] = []
  let failure: Error | undefined
  return {
    store: {
      ...inner,
      async find(lookup) {
        const found = await inner.find(lookup)
        await new Promise<void>((resolve) => waiting.push(resolve))
        if (failure) throw failure
        return found
      },
    },
    answer() {
      for (const resolve of waiting.splice(0)) resolve()
      waiting = []
    },
    fails(error) {
      failure = error
    },
  }
}

/** Until every call so far has reached the store. */
const settled = () => sleep(5)

describe('Garbage never reaches the database.', () => {
  it('a raw key that fails its checksum is refused with no store call', async () => {
    const { store, calls } = counting(memory())
    const subject = start({ store })
    const { rawKey, key } = await issue(subject)
    const garbage = [
      '',
      ' ',
      'sk',
      rawKey.slice(0, -1),
      `${rawKey}0`,
      `${rawKey} `,
      ` ${rawKey}`,
      `${rawKey}\n`,
      `${rawKey}\0`,
      rawKey.toUpperCase(),
      rawKey.replace('sk', 'ｓｋ'),
      `${key.identifier}_${'A'.repeat(49)}`,
      `Bearer ${rawKey}`,
      ...Array.from({ length: 2000 }, (_, index) => `sk_live_${index}_${'A'.repeat(49)}`),
    ]
    for (const text of garbage) expect((await subject.keysmith.keys.verify(text)).code).toBe('invalid')
    for (const value of [undefined, null, 7, {}, [rawKey], { toString: () => rawKey }]) {
      const answer = await subject.keysmith.keys.verify(value as unknown as string)
      expect(answer.code).toBe('invalid')
    }
    expect(calls('find')).toBe(0)
  })

  it('an identifier that is unknown is asked for once', async () => {
    const { store, calls } = counting(memory())
    const { keysmith } = start({ store })
    const unknown = unknownIdentifier()
    for (let round = 0; round < 100; round++) {
      const { code } = await keysmith.keys.verify(forge(unknown, String(round).padStart(43, 'A')))
      expect(code).toBe('invalid')
    }
    expect(calls('find')).toBe(1)
  })

  it('what is remembered as absent is bounded', async () => {
    const { store, calls } = counting(memory())
    const { keysmith } = start({ store })
    const first = forge(unknownIdentifier())
    await keysmith.keys.verify(first)
    for (let made = 0; made < 10_000; made++) await keysmith.keys.verify(forge(unknownIdentifier()))
    expect(calls('find')).toBe(10_001)
    await keysmith.keys.verify(first)
    expect(calls('find')).toBe(10_002)
  })

  it('a key that is imported under an absent identifier verifies at once', async () => {
    const { keysmith } = start()
    const { rawKey, identifier, hash } = await keysmith.keys.generate()
    expect((await keysmith.keys.verify(rawKey)).code).toBe('invalid')
    await keysmith.keys.import({ name: 'old', identifier, hash })
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
  })

  it('a key that another process imports verifies here within 5 seconds', async () => {
    const store = memory()
    const here = start({ store })
    const there = start({ store })
    const { rawKey, identifier, hash } = await there.keysmith.keys.generate()
    expect((await here.keysmith.keys.verify(rawKey)).code).toBe('invalid')
    await there.keysmith.keys.import({ name: 'old', identifier, hash })
    here.pass(5 * SECOND + 1)
    await sleep(10) // the cache reads the clock once a millisecond
    expect((await here.keysmith.keys.verify(rawKey)).code).toBe('valid')
  })

  it('lookups of one key that come together are one', async () => {
    const { store: inner, answer } = slow()
    const { store, calls } = counting(inner)
    const subject = start({ store })
    const { rawKey, key } = await issue(subject)
    const answers = Array.from({ length: 100 }, (_, index) =>
      subject.keysmith.keys.verify(index % 2 ? rawKey : forge(key.identifier)),
    )
    await settled()
    expect(calls('find')).toBe(1)
    answer()
    const codes = (await Promise.all(answers)).map(({ code }) => code)
    expect(codes).toEqual(Array.from({ length: 100 }, (_, index) => (index % 2 ? 'valid' : 'invalid')))
    const next = subject.keysmith.keys.verify(rawKey)
    await settled()
    answer()
    expect((await next).code).toBe('valid')
    expect(calls('find')).toBe(2)
  })

  it('a lookup that fails is unavailable for all who wait, and the next one asks again', async () => {
    const { store: inner, answer, fails } = slow()
    const { store, calls } = counting(inner)
    const subject = start({ store })
    const { rawKey } = await issue(subject)
    fails(new UnavailableError('The database is down.'))
    const faults = [
      fault(subject.keysmith.keys.verify(rawKey)),
      fault(subject.keysmith.keys.verify(rawKey)),
      fault(subject.keysmith.keys.authenticate(rawKey)),
    ]
    await settled()
    answer()
    for (const { code } of await Promise.all(faults)) expect(code).toBe('unavailable')
    fails(undefined)
    const next = subject.keysmith.keys.verify(rawKey)
    await settled()
    answer()
    expect((await next).code).toBe('valid')
    expect(calls('find')).toBe(2)
  })

  it('a key that appears while it is looked up is not remembered as absent', async () => {
    const { store, answer } = slow()
    const subject = start({ store })
    const generating = subject.keysmith.keys.generate()
    await settled()
    answer()
    const { rawKey, identifier, hash } = await generating
    const before = subject.keysmith.keys.verify(rawKey)
    await settled()
    await subject.keysmith.keys.import({ name: 'old', identifier, hash })
    answer()
    expect((await before).code).toBe('invalid')
    const after = subject.keysmith.keys.verify(rawKey)
    await settled()
    answer()
    expect((await after).code).toBe('valid')
  })

  it('a verification that begins after a change does not join a lookup from before it', async () => {
    for (const [change, code] of [
      ['revoke', 'revoked'],
      ['suspend', 'suspended'],
      ['delete', 'invalid'],
    ] as const) {
      const { store, answer } = slow()
      const subject = start({ store })
      const { rawKey, key } = await issue(subject)
      const before = subject.keysmith.keys.verify(rawKey)
      await settled()
      await subject.keysmith.keys[change](key.id)
      const after = subject.keysmith.keys.verify(rawKey)
      await settled()
      answer()
      expect((await before).code).toBe('valid')
      expect((await after).code).toBe(code)
    }
  })
})
