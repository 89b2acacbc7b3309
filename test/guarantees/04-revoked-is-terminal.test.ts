import { describe, expect, it, onTestFinished } from 'vitest'
import { isKeysmithError } from '../../src/core/errors.ts'
import { sqlite } from '../../src/store/sql/sqlite/sqlite.ts'
import { openHandle } from '../../src/store/sql/sqlite/sqlite-handle.ts'
import { faultCode, issue, newFile, STORES, start, type UnderTest } from '../keysmith-under-test.ts'

const ROUNDS = 200

/** Two processes, as it were: each with connections of its own to one file. */
async function twoOnOneFile(): Promise<[UnderTest, UnderTest]> {
  const path = newFile()
  const open = async (): Promise<UnderTest> => {
    const handle = openHandle(path)
    onTestFinished(() => void handle.close())
    const subject = start({ store: sqlite(handle) })
    await subject.keysmith.ready()
    // SQLite's own wait would stop this thread, and with it the one that is waited for.
    handle.exec('pragma busy_timeout = 0')
    return subject
  }
  return [await open(), await open()]
}

/** What a call gave; undefined when it came too late for a revoked key. */
async function unlessRevoked<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (isKeysmithError(error, 'invalid_transition')) return undefined
    throw error
  }
}

/** Lets others go ahead by so many steps of theirs: each round meets them at another place. */
async function steps(count: number): Promise<void> {
  for (let step = 0; step < count; step++) await undefined
}

/** That no way leads back, in either process, by any raw key. */
async function expectRevokedForGood(processes: UnderTest[], id: string, rawKeys: string[]): Promise<void> {
  for (const { keysmith } of processes) {
    expect((await keysmith.keys.get(id)).state).toBe('revoked')
    for (const rawKey of rawKeys) expect((await keysmith.keys.verify(rawKey)).code).toBe('revoked')
    for (const change of ['suspend', 'reactivate', 'rotate'] as const) {
      expect(await faultCode(keysmith.keys[change](id))).toBe('invalid_transition')
    }
  }
}

describe('Revoked is terminal, in every race.', () => {
  it(`revoke ∥ rotate, ${ROUNDS} times over two processes`, async () => {
    const [one, two] = await twoOnOneFile()
    let rotations = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { key, rawKey } = await issue(one)
      const [rotated] = await Promise.all([
        unlessRevoked(two.keysmith.keys.rotate(key.id)),
        steps(round % 40).then(() => one.keysmith.keys.revoke(key.id)),
      ])
      if (rotated) rotations++
      await expectRevokedForGood([one, two], key.id, rotated ? [rawKey, rotated.rawKey] : [rawKey])
    }
    // Each of the two came first at times: else there was no race.
    expect(rotations).toBeGreaterThan(0)
    expect(rotations).toBeLessThan(ROUNDS)
  })

  it(`revoke ∥ suspend ∥ reactivate, ${ROUNDS} times over two processes`, async () => {
    const [one, two] = await twoOnOneFile()
    for (let round = 0; round < ROUNDS; round++) {
      const { key, rawKey } = await issue(one)
      await Promise.all([
        unlessRevoked(two.keysmith.keys.suspend(key.id)),
        unlessRevoked(one.keysmith.keys.reactivate(key.id)),
        steps(round % 40).then(() => (round % 2 ? one : two).keysmith.keys.revoke(key.id)),
        unlessRevoked(two.keysmith.keys.reactivate(key.id)),
        one.keysmith.keys.verify(rawKey),
      ])
      await expectRevokedForGood([one, two], key.id, [rawKey])
    }
  })

  it('revoke ∥ edits, uses and deletions of scopes, over two processes', async () => {
    const [one, two] = await twoOnOneFile()
    for (let round = 0; round < 50; round++) {
      const { key, rawKey } = await issue(one, { scopes: ['read'] })
      await Promise.all([
        unlessRevoked(two.keysmith.keys.update(key.id, { name: 'new', expiresAt: null })),
        unlessRevoked(two.keysmith.keys.assignScopes(key.id, ['write'])),
        one.keysmith.keys.revoke(key.id),
        two.keysmith.keys.markUsed(key.id),
        unlessRevoked(one.keysmith.keys.removeScopes(key.id, ['read'])),
      ])
      await expectRevokedForGood([one, two], key.id, [rawKey])
    }
  })

  it.each(STORES)('there is no way back but to be purged, which is revoked too (%s)', async (_, store) => {
    const subject = start({ store: store() })
    const { keys } = subject.keysmith
    const { key, rawKey } = await issue(subject)
    await keys.revoke(key.id)
    await expectRevokedForGood([subject], key.id, [rawKey])
    expect(await faultCode(keys.update(key.id, { expiresAt: null }))).toBe('invalid_transition')
    expect(await faultCode(keys.assignScopes(key.id, ['read']))).toBe('invalid_transition')
    expect((await keys.purge(key.id)).state).toBe('purged')
    expect((await keys.verify(rawKey)).code).toBe('revoked')
    for (const change of ['suspend', 'reactivate', 'revoke', 'rotate'] as const) {
      expect(await faultCode(keys[change](key.id))).toBe('invalid_transition')
    }
    expect((await keys.get(key.id)).state).toBe('purged')
  })
})
