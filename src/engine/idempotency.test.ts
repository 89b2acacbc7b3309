import { describe, expect, it } from 'vitest'
import { DAY, fault, faultCode, HOUR, newFile, STORES, start } from '../../test/keysmith-under-test.ts'
import { isKeysmithError } from '../core/errors.ts'
import { sqlite } from '../store/sql/sqlite/sqlite.ts'

const once = { idempotencyKey: 'once' }

describe.each(STORES)('an idempotency key (%s)', (_, store) => {
  it('makes one key of a request that is repeated, and shows its raw key once', async () => {
    const { keysmith } = start({ store: store() })
    const input = { name: 'x', metadata: { a: 1, b: { c: 2, d: 3 } } }
    const first = await keysmith.keys.create(input, once)
    const same = { metadata: { b: { d: 3, c: 2 }, a: 1 }, name: 'x' }
    expect(await keysmith.keys.create(same, once)).toEqual({ key: first.key })
    expect(await keysmith.keys.count()).toBe(1)
    expect((await keysmith.audit.list()).items).toHaveLength(1)
  })

  it('shows the key as it is now', async () => {
    const { keysmith } = start({ store: store() })
    const { key } = await keysmith.keys.create({ name: 'x' }, once)
    await keysmith.keys.revoke(key.id)
    expect((await keysmith.keys.create({ name: 'x' }, once)).key.state).toBe('revoked')
  })

  it('with another request is a mistake', async () => {
    const { keysmith } = start({ store: store() })
    await keysmith.keys.create({ name: 'x' }, once)
    expect(await faultCode(keysmith.keys.create({ name: 'y' }, once))).toBe('idempotency_mismatch')
    expect(await faultCode(keysmith.keys.create({ name: 'x', scopes: [] }, once))).toBe(
      'idempotency_mismatch',
    )
  })

  it('at the same time is one creation, and the other is told to wait', async () => {
    const { keysmith } = start({ store: store() })
    await keysmith.ready()
    const calls = Array.from({ length: 10 }, () => keysmith.keys.create({ name: 'x' }, once))
    const settled = await Promise.allSettled(calls)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of settled) {
      if (outcome.status === 'fulfilled') continue
      expect(isKeysmithError(outcome.reason, 'idempotency_in_progress')).toBe(true)
    }
    expect(await keysmith.keys.count()).toBe(1)
  })

  it('of one actor is nothing to another', async () => {
    const { keysmith } = start({ store: store() })
    const made = []
    for (const actor of [
      undefined,
      { type: 'user', id: 'a' },
      { type: 'user', id: 'b' },
      { type: 'cli', id: 'a' },
    ]) {
      made.push((await keysmith.keys.create({ name: 'x' }, { ...once, actor })).rawKey)
    }
    expect(made.filter((rawKey) => rawKey !== undefined)).toHaveLength(4)
  })

  it('counts for 24 hours', async () => {
    const { keysmith, pass } = start({ store: store() })
    await keysmith.keys.create({ name: 'x' }, once)
    pass(DAY)
    expect((await keysmith.keys.create({ name: 'x' }, once)).rawKey).toBeUndefined()
    pass(1)
    expect((await keysmith.keys.create({ name: 'x' }, once)).rawKey).toBeDefined()
    expect(await keysmith.keys.count()).toBe(2)
  })

  it('of a creation that failed is free', async () => {
    const { keysmith } = start({ store: store() })
    expect(await faultCode(keysmith.keys.create({ name: '' }, once))).toBe('invalid_request')
    expect((await keysmith.keys.create({ name: 'x' }, once)).rawKey).toBeDefined()
  })

  it.each(['', ' ', 'a b', 'é', 'a\n', 'x'.repeat(256)])('is not %j', async (idempotencyKey) => {
    const { keysmith } = start({ store: store() })
    const error = await fault(keysmith.keys.create({ name: 'x' }, { idempotencyKey }))
    expect(error.code).toBe('invalid_request')
    expect(await keysmith.keys.count()).toBe(0)
  })
})

it('an idempotency key at the same time in two processes makes one key', async () => {
  const path = newFile()
  const processes = [start({ store: sqlite(path) }), start({ store: sqlite(path) })]
  for (const { keysmith } of processes) await keysmith.ready()
  const made = await Promise.all(processes.map(({ keysmith }) => keysmith.keys.create({ name: 'x' }, once)))
  expect(made.filter(({ rawKey }) => rawKey !== undefined)).toHaveLength(1)
  expect(new Set(made.map(({ key }) => key.id)).size).toBe(1)
})

it('answers a repetition as the first call, whatever has become of its reasons since', async () => {
  const subject = start()
  const input = { name: 'x', expiresAt: new Date(subject.now() + HOUR) }
  const first = await subject.keysmith.keys.create(input, { idempotencyKey: 'once' })
  subject.pass(2 * HOUR)
  const second = await subject.keysmith.keys.create(input, { idempotencyKey: 'once' })
  expect(second.key.id).toBe(first.key.id)
  expect(second.rawKey).toBe(undefined)
})
