import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { counting, faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'
import { createKeysmith } from '../create-keysmith.ts'
import { memory } from '../store/memory/memory-store.ts'
import type { Store } from '../store/store.ts'

describe.each(STORES)('the last use of a key (%s)', (_, store) => {
  it('is written later, without a new version', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    subject.pass(HOUR)
    await subject.keysmith.keys.verify(rawKey)
    expect((await subject.keysmith.keys.get(key.id)).lastUsedAt).toBe(null)
    await subject.keysmith.maintain()
    const used = await subject.keysmith.keys.get(key.id)
    expect(used).toEqual({ ...key, lastUsedAt: new Date(subject.now()) })
  })

  it('is not changed by what was refused', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    await subject.keysmith.keys.verify(rawKey, { scopes: ['admin'] })
    await subject.keysmith.keys.suspend(key.id)
    await subject.keysmith.keys.verify(rawKey)
    await subject.keysmith.maintain()
    expect((await subject.keysmith.keys.get(key.id)).lastUsedAt).toBe(null)
  })

  it('can be set by hand, at once', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    await subject.keysmith.keys.markUsed(key.identifier)
    expect((await subject.keysmith.keys.get(key.id)).lastUsedAt).toEqual(new Date(subject.now()))
    expect(await faultCode(subject.keysmith.keys.markUsed('sk_live_abcdefghijkl'))).toBe('key_not_found')
  })

  it('from before a rotation is forgotten with it', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    await subject.keysmith.keys.verify(rawKey)
    await subject.keysmith.keys.rotate(key.id)
    await subject.keysmith.maintain()
    expect((await subject.keysmith.keys.get(key.id)).lastUsedAt).toBe(null)
  })
})

describe('writing last uses', () => {
  it('happens in batches, one entry a key, five seconds later', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { store, calls } = counting(memory())
      const subject = start({ store })
      const [one, two] = [await issue(subject), await issue(subject)]
      for (let round = 0; round < 100; round++) {
        await subject.keysmith.keys.verify(one.rawKey)
        await subject.keysmith.keys.verify(two.rawKey)
      }
      expect(calls('markUsed')).toBe(0)
      await vi.advanceTimersByTimeAsync(5_000)
      expect(calls('markUsed')).toBe(1)
      expect((await subject.keysmith.keys.get(two.key.id)).lastUsedAt).not.toBe(null)
    } finally {
      vi.useRealTimers()
    }
  })

  it('that fails is logged, tried again, and breaks no verification', async () => {
    const inner = memory()
    let down = true
    const subject = start({
      store: {
        ...inner,
        markUsed(uses) {
          if (down) throw new Error('disk full')
          return inner.markUsed(uses)
        },
      },
    })
    const { key, rawKey } = await issue(subject)
    await subject.keysmith.keys.verify(rawKey)
    await subject.keysmith.maintain()
    expect(subject.logged).toMatchObject([
      ['warn', { waiting: 1, dropped: 0 }, expect.stringContaining('trying again')],
    ])
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('valid')
    down = false
    await subject.keysmith.maintain()
    expect((await subject.keysmith.keys.get(key.id)).lastUsedAt).not.toBe(null)
  })

  it('is done on close: nothing is lost', async () => {
    const store = memory()
    const keysmith = createKeysmith({ store })
    const { key, rawKey } = await issue({ keysmith })
    await keysmith.keys.verify(rawKey)
    await keysmith.close()
    expect((await store.getKey({}, { id: key.id }))?.lastUsedAt).not.toBe(null)
  })

  it('waits on close for what is being written, however much waits behind it', async () => {
    const store = memory()
    const slow: Store = {
      ...store,
      async markUsed(uses) {
        await setTimeout(1)
        await store.markUsed(uses)
      },
    }
    const keysmith = createKeysmith({ store: slow })
    const issued = await Promise.all(Array.from({ length: 600 }, () => issue({ keysmith })))
    for (const { rawKey } of issued) await keysmith.keys.verify(rawKey)
    const maintained = keysmith.maintain()
    await keysmith.keys.verify(issued[0]?.rawKey ?? '')
    await keysmith.close()
    await maintained
    for (const { key } of issued) expect((await store.getKey({}, { id: key.id }))?.lastUsedAt).not.toBe(null)
  })
})
