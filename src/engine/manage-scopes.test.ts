import { describe, expect, it } from 'vitest'
import { faultCode, issue, STORES, start } from '../../test/keysmith-under-test.ts'

describe.each(STORES)('the registry of scopes (%s)', (_, store) => {
  it('keeps what a name means', async () => {
    const { keysmith, now } = start({ store: store() })
    const made = await keysmith.scopes.create({ name: 'read:users', description: 'Read users' })
    expect(made).toEqual({
      id: expect.stringMatching(/^ascp_/),
      tenantId: 'default',
      appId: 'default',
      name: 'read:users',
      description: 'Read users',
      createdAt: new Date(now()),
    })
    expect(await keysmith.scopes.get('read:users')).toEqual(made)
    const changed = await keysmith.scopes.update('read:users', { description: 'new' })
    expect(changed).toEqual({ ...made, description: 'new' })
    expect((await keysmith.scopes.list()).items).toEqual([changed])
    await keysmith.scopes.delete('read:users')
    expect((await keysmith.scopes.list()).items).toEqual([])
    const actions = (await keysmith.audit.list()).items.map(({ action }) => action)
    expect(actions.sort()).toEqual(['scope.created', 'scope.deleted', 'scope.updated'])
  })

  it('has each name once', async () => {
    const { keysmith } = start({ store: store() })
    await keysmith.scopes.create({ name: 'read' })
    expect(await faultCode(keysmith.scopes.create({ name: 'read' }))).toBe('scope_exists')
    await keysmith.scopes.create({ name: 'Read' })
  })

  it('says when a scope is not there', async () => {
    const { scopes } = start({ store: store() }).keysmith
    for (const name of ['read', '', 'a b', '__proto__', `' or 1=1`]) {
      expect(await faultCode(scopes.get(name))).toBe('scope_not_found')
      expect(await faultCode(scopes.update(name, { description: 'x' }))).toBe('scope_not_found')
      expect(await faultCode(scopes.delete(name))).toBe('scope_not_found')
    }
  })

  it('keeps a scope while a key holds it', async () => {
    const subject = start({ store: store() })
    await subject.keysmith.scopes.create({ name: 'read' })
    const { key } = await issue(subject, { scopes: ['read'] })
    expect(await faultCode(subject.keysmith.scopes.delete('read'))).toBe('scope_in_use')
    await subject.keysmith.keys.removeScopes(key.id, ['read'])
    await subject.keysmith.scopes.delete('read')
  })

  it('grants nothing: a scope need not be in it to be held', async () => {
    const subject = start({ store: store() })
    const { rawKey } = await issue(subject, { scopes: ['unregistered'] })
    expect((await subject.keysmith.keys.verify(rawKey, { scopes: 'unregistered' })).code).toBe('valid')
  })

  it('is listed in pages, each scope once', async () => {
    const { scopes } = start({ store: store() }).keysmith
    for (let made = 0; made < 7; made++) await scopes.create({ name: `s${made}` })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await scopes.list({ limit: 3, cursor })
      seen.push(...page.items.map(({ name }) => name))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(seen.sort()).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's6'])
  })

  it.each([{}, { name: '' }, { name: 'a b' }, { name: 'x', id: 'y' }, { name: 'x', description: 7 }])(
    'refuses %j',
    async (input) => {
      const { scopes } = start({ store: store() }).keysmith
      expect(await faultCode(scopes.create(input as { name: string }))).toBe('invalid_request')
    },
  )

  it('of one name in two tenants are told apart by their tenant', async () => {
    const { keysmith } = start()
    await keysmith.scopes.create({ name: 'read', tenantId: 'one' })
    await keysmith.scopes.create({ name: 'read', tenantId: 'two' })
    expect(await faultCode(keysmith.scopes.delete('read'))).toBe('scope_not_found')
    await keysmith.scopes.delete({ name: 'read', tenantId: 'one' })
    expect((await keysmith.scopes.list()).items).toMatchObject([{ name: 'read', tenantId: 'two' }])
  })
})
