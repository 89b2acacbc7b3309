import { describe, expect, it } from 'vitest'
import { faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'

const CHANGES = [
  ['suspend', 'suspended', 'suspended'],
  ['revoke', 'revoked', 'revoked'],
  ['purge', 'purged', 'revoked'],
] as const

describe.each(STORES)('the state of a key (%s)', (_, store) => {
  it.each(CHANGES)('%s makes it %s, and its raw key answers %s at once', async (change, state, code) => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    subject.pass(HOUR)
    const changed = await subject.keysmith.keys[change](key.identifier, { reason: 'leaked' })
    const now = new Date(subject.now())
    expect(changed).toEqual({
      ...key,
      state,
      stateReason: 'leaked',
      stateChangedAt: now,
      updatedAt: now,
      version: 2,
    })
    expect(await subject.keysmith.keys.get(key.id)).toEqual(changed)
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe(code)
    const [event] = (await subject.keysmith.audit.list({ keyId: key.id, action: `key.${state}` })).items
    expect(event?.extra).toEqual({ from: 'active', reason: 'leaked' })
  })

  it('a suspended key works again once it is reactivated', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    await subject.keysmith.keys.suspend(key.id, { reason: 'late' })
    const active = await subject.keysmith.keys.reactivate(key.id)
    expect(active).toMatchObject({ state: 'active', stateReason: null, version: 3 })
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('valid')
  })

  it.each(['suspend', 'revoke', 'purge', 'reactivate'] as const)(
    '%s twice succeeds, and records it once',
    async (change) => {
      const subject = start({ store: store() })
      const { key } = await issue(subject)
      if (change === 'reactivate') await subject.keysmith.keys.suspend(key.id)
      const first = await subject.keysmith.keys[change](key.id)
      subject.told.length = 0
      expect(await subject.keysmith.keys[change](key.id, { reason: 'again' })).toEqual(first)
      expect(subject.told).toEqual([])
      const { items } = await subject.keysmith.audit.list({ keyId: key.id })
      expect(items).toHaveLength(first.version)
    },
  )

  it('an expired key that is suspended and reactivated has still expired', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject, { expiresIn: '1h' })
    subject.pass(HOUR)
    expect((await subject.keysmith.keys.suspend(key.id)).state).toBe('suspended')
    expect((await subject.keysmith.keys.reactivate(key.id)).state).toBe('expired')
    expect((await subject.keysmith.keys.verify(rawKey)).code).toBe('expired')
  })

  it('a reason is one line of 500 characters at most', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    for (const reason of ['', 'a\nb', 'x'.repeat(501)]) {
      expect(await faultCode(subject.keysmith.keys.revoke(key.id, { reason }))).toBe('invalid_request')
    }
    expect((await subject.keysmith.keys.get(key.id)).state).toBe('active')
  })

  it('of a key that is not there can not be changed', async () => {
    const { keys } = start({ store: store() }).keysmith
    for (const change of ['suspend', 'reactivate', 'revoke', 'purge'] as const) {
      expect(await faultCode(keys[change]('akey_01h455vb4pex5vsknk084sn02q'))).toBe('key_not_found')
    }
  })
})
