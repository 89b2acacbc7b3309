import { describe, expect, it } from 'vitest'
import { faultCode, issue, STORES, start } from '../../test/keysmith-under-test.ts'

describe.each(STORES)('deleting a key (%s)', (_, store) => {
  it('takes the key away, and leaves its audit trail and rotations', async () => {
    const subject = start({ store: store() })
    const { keysmith } = subject
    const { key, rawKey } = await issue(subject)
    const { rawKey: newer } = await keysmith.keys.rotate(key.id)
    await keysmith.keys.delete(key.identifier, { actor: { type: 'user', id: 'ada' } })
    for (const raw of [rawKey, newer]) {
      expect(await keysmith.keys.verify(raw)).toEqual({ valid: false, code: 'invalid' })
    }
    expect(await faultCode(keysmith.keys.get(key.id))).toBe('key_not_found')
    expect(await faultCode(keysmith.keys.delete(key.id))).toBe('key_not_found')
    expect(await keysmith.keys.count()).toBe(0)
    const { items } = await keysmith.audit.list({ keyId: key.id })
    expect(items.map(({ action }) => action).sort()).toEqual(['key.created', 'key.deleted', 'key.rotated'])
    expect(items.find(({ action }) => action === 'key.deleted')).toMatchObject({
      actor: { type: 'user', id: 'ada' },
      extra: { identifier: key.identifier, name: 'billing', state: 'active' },
    })
    expect((await keysmith.rotations.list({ keyId: key.id })).items).toHaveLength(1)
  })

  it.each(['suspend', 'revoke', 'purge'] as const)('works after %s', async (change) => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    await subject.keysmith.keys[change](key.id)
    await subject.keysmith.keys.delete(key.id)
    expect(await subject.keysmith.keys.count()).toBe(0)
  })

  it('many times at once happens once', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    const calls = Array.from({ length: 10 }, () => subject.keysmith.keys.delete(key.id))
    const settled = await Promise.allSettled(calls)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { items } = await subject.keysmith.audit.list({ keyId: key.id, action: 'key.deleted' })
    expect(items).toHaveLength(1)
  })
})
