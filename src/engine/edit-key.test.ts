import { describe, expect, it } from 'vitest'
import { faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'

describe.each(STORES)('editing a key (%s)', (_, store) => {
  it('changes what is given, and nothing else', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject, { ownerId: 'ada', metadata: { a: 1 }, scopes: ['read'] })
    subject.pass(HOUR)
    const now = new Date(subject.now())
    const edited = await subject.keysmith.keys.update(key.id, { name: 'new', ownerId: null })
    expect(edited).toEqual({ ...key, name: 'new', ownerId: null, updatedAt: now, version: 2 })
    expect(await subject.keysmith.keys.get(key.id)).toEqual(edited)
    const replaced = await subject.keysmith.keys.update(key.id, { metadata: { b: 2 }, scopes: ['x', 'x'] })
    expect(replaced).toMatchObject({ metadata: { b: 2 }, scopes: ['x'], name: 'new' })
  })

  it('with nothing given changes nothing', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    expect(await subject.keysmith.keys.update(key.id, {})).toEqual(key)
    expect(await subject.keysmith.keys.update(key.id, { name: undefined })).toEqual(key)
    expect((await subject.keysmith.audit.list()).items).toHaveLength(1)
  })

  it('can extend, shorten and take away the expiry', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject, { expiresIn: '1h' })
    const code = async () => (await subject.keysmith.keys.verify(rawKey)).code
    subject.pass(HOUR)
    expect(await code()).toBe('expired')
    await subject.keysmith.keys.update(key.id, { expiresAt: new Date(subject.now() + HOUR) })
    expect(await code()).toBe('valid')
    await subject.keysmith.keys.update(key.id, { expiresAt: new Date(subject.now() + 1) })
    subject.pass(1)
    expect(await code()).toBe('expired')
    await subject.keysmith.keys.update(key.id, { expiresAt: null })
    expect(await code()).toBe('valid')
  })

  it.each([
    { expiresAt: '2020-01-01T00:00:00Z' },
    { expiresAt: '2030-02-30T00:00:00Z' },
    { name: '' },
    { state: 'active' },
    { tenantId: 'other' },
    { prefix: 'x' },
    { version: 7 },
    { metadata: [] },
    { scopes: ['a b'] },
  ])('refuses %j', async (input) => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    expect(await faultCode(subject.keysmith.keys.update(key.id, input as object))).toBe('invalid_request')
    expect(await subject.keysmith.keys.get(key.id)).toEqual(key)
  })

  it('refuses a policy that can not be read, and can take one away', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    expect(await faultCode(subject.keysmith.keys.update(key.id, { policyId: 'p' }))).toBe('policy_not_found')
    expect((await subject.keysmith.keys.update(key.id, { policyId: null })).policyId).toBe(null)
  })

  it('assigns and removes scopes by their exact names', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject, { scopes: ['read'] })
    const { keys } = subject.keysmith
    expect((await keys.assignScopes(key.id, ['write', 'read', 'write'])).scopes).toEqual(['read', 'write'])
    expect((await keys.removeScopes(key.id, ['rea', 'read:x', 'Read', 'write'])).scopes).toEqual(['read'])
    expect(await faultCode(keys.assignScopes(key.id, []))).toBe('invalid_request')
    expect(await faultCode(keys.assignScopes(key.id, ['a b']))).toBe('invalid_request')
    expect(await faultCode(keys.removeScopes(key.id, 'read' as never))).toBe('invalid_request')
  })

  it('gives no more than 100 scopes, in however many steps', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject, { scopes: Array.from({ length: 100 }, (_, index) => `s${index}`) })
    expect(await faultCode(subject.keysmith.keys.assignScopes(key.id, ['more']))).toBe('invalid_request')
  })

  it('widens a key within the scopes of the caller, and within those available', async () => {
    const subject = start({ store: store(), availableScopes: ['read', 'write', 'admin'] })
    const { keys } = subject.keysmith
    const { key } = await issue(subject, { scopes: ['admin'] })
    const caller = { scopes: ['read'] }
    expect((await keys.assignScopes(key.id, ['read:x'], caller)).scopes).toEqual(['admin', 'read:x'])
    expect(await faultCode(keys.assignScopes(key.id, ['write'], caller))).toBe('forbidden')
    expect(await faultCode(keys.update(key.id, { scopes: ['admin', 'write'] }, caller))).toBe('forbidden')
    expect(await faultCode(keys.assignScopes(key.id, ['delete']))).toBe('scope_not_available')
    expect((await keys.update(key.id, { scopes: ['admin'] }, caller)).scopes).toEqual(['admin'])
    expect((await keys.removeScopes(key.id, ['admin'], caller)).scopes).toEqual([])
  })

  it('of different fields at once loses none of them', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    const { keys } = subject.keysmith
    await Promise.all([
      ...Array.from({ length: 10 }, (_, index) => keys.assignScopes(key.id, [`s${index}`])),
      keys.update(key.id, { name: 'new' }),
      keys.update(key.id, { description: 'new' }),
      keys.suspend(key.id),
    ])
    const edited = await keys.get(key.id)
    expect(edited).toMatchObject({ name: 'new', description: 'new', state: 'suspended', version: 14 })
    expect(edited.scopes).toHaveLength(10)
  })

  it('a hundred times at once makes all hundred changes', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject)
    const scopes = Array.from({ length: 100 }, (_each, number) => `scope:${number}`)
    await Promise.all(scopes.map((scope) => subject.keysmith.keys.assignScopes(key.id, [scope])))
    expect(new Set((await subject.keysmith.keys.get(key.id)).scopes)).toEqual(new Set(scopes))
  })
})
