import { describe, expect, it } from 'vitest'
import { faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'

const ada = { actor: { type: 'user', id: 'ada' } }

describe.each(STORES)('rotations and the audit trail (%s)', (_, store) => {
  it('keep an event of the application’s own', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    const request = { path: '/pay', method: 'POST', status: 402, ip: '::1', userAgent: 'curl' }
    const event = await subject.keysmith.audit.record(
      { action: 'invoice.sent', keyId: key.identifier, extra: { total: 7 } },
      { ...ada, request },
    )
    expect(event).toEqual({
      id: expect.stringMatching(/^aaud_/),
      tenantId: 'default',
      appId: 'default',
      action: 'invoice.sent',
      keyId: key.id,
      ...ada,
      request,
      extra: { total: 7 },
      createdAt: new Date(subject.now()),
    })
    expect((await subject.keysmith.audit.list({ action: 'invoice.sent' })).items).toEqual([event])
  })

  it('keep an event of no key, actor or request', async () => {
    const { keysmith } = start({ store: store() })
    const none = { path: null, method: null, status: null, ip: null, userAgent: null }
    expect(await keysmith.audit.record({ action: 'x' })).toMatchObject({
      keyId: null,
      actor: null,
      request: none,
      extra: {},
    })
  })

  it.each([
    {},
    { action: '' },
    { action: 'Invoice' },
    { action: 'a b' },
    { action: 'x', extra: [] },
    { action: 'x', id: 1 },
  ])('refuse the event %j', async (input) => {
    const { keysmith } = start({ store: store() })
    expect(await faultCode(keysmith.audit.record(input as { action: string }))).toBe('invalid_request')
  })

  it('refuse an event of a key that is not there', async () => {
    const { keysmith } = start({ store: store() })
    const recording = keysmith.audit.record({ action: 'x', keyId: 'sk_live_abcdefghijkl' })
    expect(await faultCode(recording)).toBe('key_not_found')
  })

  it('are filtered by key, action, actor and time', async () => {
    const subject = start({ store: store() })
    const { keysmith } = subject
    const { key } = await issue(subject)
    const other = await issue(subject)
    subject.pass(HOUR)
    await keysmith.keys.rotate(key.id, {}, ada)
    subject.pass(HOUR)
    await keysmith.keys.revoke(key.id)
    const actions = async (filter: Parameters<typeof keysmith.audit.list>[0]) =>
      (await keysmith.audit.list(filter)).items.map(({ action }) => action)
    expect(await actions({ keyId: key.id })).toEqual(['key.revoked', 'key.rotated', 'key.created'])
    expect(await actions({ keyId: key.identifier })).toEqual(['key.revoked', 'key.rotated', 'key.created'])
    expect(await actions({ keyId: other.key.id })).toEqual(['key.created'])
    expect(await actions({ actorId: 'ada' })).toEqual(['key.rotated'])
    expect(await actions({ action: 'key.revoked' })).toEqual(['key.revoked'])
    const to = new Date(subject.now())
    const from = new Date(subject.now() - HOUR)
    expect(await actions({ from, to })).toEqual(['key.rotated'])
    expect((await keysmith.rotations.list({ from, to })).items).toHaveLength(1)
    expect((await keysmith.rotations.list({ from: to })).items).toHaveLength(0)
    expect((await keysmith.rotations.list({ keyId: other.key.id })).items).toHaveLength(0)
  })

  it('are listed in pages, the newest first', async () => {
    const subject = start({ store: store() })
    const wanted: string[] = []
    for (let made = 0; made < 5; made++) {
      wanted.unshift((await subject.keysmith.audit.record({ action: `a${made}` })).id)
      subject.pass(1)
    }
    const first = await subject.keysmith.audit.list({ limit: 2 })
    const second = await subject.keysmith.audit.list({ limit: 3, cursor: first.nextCursor ?? '' })
    expect(second.nextCursor).toBe(null)
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(wanted)
  })

  it('takes no event of an application for one of its own', async () => {
    const { keysmith } = start()
    expect(await faultCode(keysmith.audit.record({ action: 'key.revoked' }))).toBe('invalid_request')
  })
})
