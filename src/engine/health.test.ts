import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { fault, faultCode, issue, newFile, STORES, start } from '../../test/keysmith-under-test.ts'
import { UnavailableError } from '../core/errors.ts'
import { createKeysmith } from '../create-keysmith.ts'
import { memory } from '../store/memory/memory-store.ts'
import { sqlite } from '../store/sql/sqlite/sqlite.ts'
import { hmacSha256 } from '../token/hmac-sha256.ts'

const first = { version: 1, secret: '1'.repeat(32) }
const second = { version: 2, secret: '2'.repeat(32) }

describe.each(STORES)('health (%s)', (name, store) => {
  it('is ok when the store answers, used before or not', async () => {
    const { keysmith } = start({ store: store() })
    const health = await keysmith.health()
    expect(health).toMatchObject({ status: 'ok', store: { name: name.toLowerCase(), status: 'ok' } })
    expect(health.store.latencyMs).toBeGreaterThanOrEqual(0)
    expect(await keysmith.diagnose()).toEqual([])
  })
})

describe('health', () => {
  it('is unavailable when the store does not answer, and never throws', async () => {
    const down = () => {
      throw new UnavailableError('down')
    }
    const { keysmith } = start({ store: { ...memory(), ping: down } })
    expect(await keysmith.health()).toMatchObject({ status: 'unavailable', store: { status: 'unavailable' } })
    const other = start({ store: { ...memory(), open: down } })
    await expect(other.keysmith.health()).resolves.toBeDefined()
  })

  it('is unavailable after close', async () => {
    const keysmith = createKeysmith({ store: sqlite(newFile()) })
    const { rawKey } = await issue({ keysmith })
    await keysmith.close()
    expect((await keysmith.health()).status).toBe('unavailable')
    expect(await faultCode(keysmith.keys.verify(rawKey))).toBe('closed')
  })

  it('a store that could not be opened is tried again by the next call', async () => {
    let tries = 0
    const { keysmith } = start({
      store: {
        ...memory(),
        open() {
          if (++tries === 1) throw new UnavailableError('not yet')
        },
      },
    })
    expect(await faultCode(keysmith.keys.create({ name: 'x' }))).toBe('unavailable')
    await keysmith.keys.create({ name: 'x' })
    await keysmith.keys.create({ name: 'x' })
    expect(tries).toBe(2)
  })

  it('a store is opened once, by many calls at once', async () => {
    let opened = 0
    const { keysmith } = start({ store: { ...memory(), open: () => void opened++ } })
    await Promise.all([keysmith.ready(), keysmith.keys.count(), keysmith.health(), keysmith.keys.count()])
    expect(opened).toBe(1)
  })
})

describe.each(STORES)('peppers (%s)', (_, makeStore) => {
  // A database in memory is gone when it is closed: these stay open.
  const store = () => ({ ...makeStore(), close: () => undefined })

  it('start is refused while a pepper of stored keys is missing, and says which', async () => {
    const kept = store()
    await issue(start({ store: kept, hasher: hmacSha256([first]) }))
    const { keysmith } = start({ store: kept, hasher: hmacSha256([second]) })
    const error = await fault(keysmith.ready())
    expect(error.code).toBe('pepper_missing')
    expect(error.message).toContain('version 1')
    expect(error.message).not.toContain(first.secret)
    expect(await faultCode(keysmith.keys.create({ name: 'x' }))).toBe('pepper_missing')
    expect(await keysmith.diagnose()).toMatchObject([{ id: 'hasher.unknown' }])
    expect(await faultCode(start({ store: kept }).keysmith.ready())).toBe('pepper_missing')
  })

  it('a key that verified with an older pepper is hashed with the newest, and the old one can go', async () => {
    const kept = store()
    const { rawKey } = await issue(start({ store: kept, hasher: hmacSha256([first]) }))
    const both = start({ store: kept, hasher: hmacSha256([second, first]) })
    expect((await both.keysmith.keys.verify(rawKey)).code).toBe('valid')
    await sleep(20)
    expect(await kept.hashSchemes()).toEqual(['hmac-sha256$2'])
    const after = start({ store: kept, hasher: hmacSha256([second]) })
    expect((await after.keysmith.keys.verify(rawKey)).code).toBe('valid')
  })

  it('a key that was refused is not hashed anew', async () => {
    const kept = store()
    const { key, rawKey } = await issue(start({ store: kept, hasher: hmacSha256([first]) }))
    const both = start({ store: kept, hasher: hmacSha256([second, first]) })
    await both.keysmith.keys.suspend(key.id)
    await both.keysmith.keys.verify(rawKey)
    await sleep(20)
    expect(await kept.hashSchemes()).toEqual(['hmac-sha256$1'])
  })

  it('keys of plain sha256 go on verifying when peppers are introduced', async () => {
    const kept = store()
    const { rawKey } = await issue(start({ store: kept }))
    const { keysmith } = start({ store: kept, hasher: hmacSha256([first]) })
    expect((await keysmith.keys.verify(rawKey)).code).toBe('valid')
  })

  it('hashing anew that fails is logged, and the answer stands', async () => {
    const kept = store()
    const { rawKey } = await issue(start({ store: kept }))
    const broken = {
      ...kept,
      rehashCredential() {
        throw new Error('disk full')
      },
    }
    const subject = start({ store: broken, hasher: hmacSha256([first]) })
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('valid')
    await sleep(20)
    expect(subject.logged).toMatchObject([
      ['error', { task: expect.stringMatching(/^rehash acrd_/) }, 'a background task failed'],
    ])
  })
})
