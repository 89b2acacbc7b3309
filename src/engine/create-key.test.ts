import { describe, expect, it } from 'vitest'
import { fault, faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'

describe.each(STORES)('creating a key (%s)', (_, store) => {
  it('needs a name, and has a default for all else', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject, { name: 'billing' })
    expect(rawKey).toMatch(/^sk_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}$/)
    const now = new Date(subject.now())
    expect(key).toEqual({
      id: expect.stringMatching(/^akey_[0-9a-z]{26}$/),
      tenantId: 'default',
      appId: 'default',
      identifier: rawKey.slice(0, -50),
      format: 'native',
      prefix: 'sk',
      environment: 'live',
      name: 'billing',
      description: '',
      kind: 'service',
      ownerId: null,
      scopes: [],
      policyId: null,
      metadata: {},
      state: 'active',
      stateReason: null,
      stateChangedAt: now,
      hint: rawKey.slice(-4),
      createdAt: now,
      createdBy: null,
      updatedAt: now,
      expiresAt: null,
      lastUsedAt: null,
      rotatedAt: null,
      version: 1,
    })
    expect(await subject.keysmith.keys.get(key.id)).toEqual(key)
    expect(await subject.keysmith.keys.getByIdentifier(key.identifier)).toEqual(key)
  })

  it('keeps all that is given', async () => {
    const subject = start({ store: store() })
    const given = {
      name: `o'Neill "x" 🔑`,
      description: 'two\nlines',
      prefix: 'my_app',
      environment: 'test',
      kind: 'user',
      ownerId: 'ada',
      tenantId: 'acme',
      appId: 'shop',
      metadata: { team: { a: [1] } },
    } as const
    const scopes = ['read', 'read:users', 'read']
    const { key } = await subject.keysmith.keys.create(
      { ...given, scopes, expiresAt: new Date(subject.now() + HOUR) },
      { actor: { type: 'user', id: 'ada' } },
    )
    expect(key).toMatchObject({ ...given, scopes: ['read', 'read:users'], createdBy: 'ada' })
    expect(key.expiresAt).toEqual(new Date(subject.now() + HOUR))
    expect(await subject.keysmith.keys.get(key.identifier)).toEqual(key)
  })

  it('takes its defaults from the options', async () => {
    const subject = start({
      store: store(),
      prefix: 'acme_key',
      environment: 'dev',
      defaultExpiry: '1h',
      defaultScopes: ['read'],
      secretLength: 22,
    })
    const { key, rawKey } = await issue(subject)
    expect(rawKey).toMatch(/^acme_key_dev_[0-9A-Za-z]{12}_[0-9A-Za-z]{28}$/)
    expect(key.scopes).toEqual(['read'])
    expect(key.expiresAt).toEqual(new Date(subject.now() + HOUR))
    expect((await issue(subject, { expiresAt: null, scopes: [] })).key).toMatchObject({
      expiresAt: null,
      scopes: [],
    })
    expect((await issue(subject, { expiresIn: '2h' })).key.expiresAt).toEqual(
      new Date(subject.now() + 2 * HOUR),
    )
  })

  it.each([
    {},
    { name: '' },
    { name: 'x', prefix: 'SK' },
    { name: 'x', environment: 'li_ve' },
    { name: 'x', kind: 'robot' },
    { name: 'x', scopes: 'read' },
    { name: 'x', scopes: ['read users'] },
    { name: 'x', scopes: Array.from({ length: 101 }, (_, index) => `s${index}`) },
    { name: 'x', expiresIn: '-1h' },
    { name: 'x', expiresIn: '0s' },
    { name: 'x', expiresIn: '' },
    { name: 'x', expiresAt: '2025-02-30T00:00:00Z' },
    { name: 'x', expiresAt: '2020-01-01T00:00:00Z' },
    { name: 'x', expiresAt: new Date(Date.UTC(2030, 0, 1)) },
    { name: 'x', expiresAt: new Date(8_640_000_000_000_000) },
    { name: 'x', expiresAt: '2040-01-01T00:00:00Z', expiresIn: '1h' },
    { name: 'x', format: 'opaque' },
    { name: 'x', tenantId: '*' },
    { name: 'x', appId: '*' },
    { name: 'x', state: 'active' },
    { name: 'x', createdBy: 'eve' },
    { name: 'x', id: 'akey_1' },
  ])('refuses %j, and stores nothing', async (input) => {
    const { keysmith, told } = start({ store: store() })
    expect(await faultCode(keysmith.keys.create(input as { name: string }))).toBe('invalid_request')
    expect(await keysmith.keys.count()).toBe(0)
    expect((await keysmith.audit.list()).items).toEqual([])
    expect(told.map(({ name }) => name)).toEqual(['key.create_failed'])
  })

  it('refuses a policy that can not be read, rather than skip it', async () => {
    const { keysmith } = start({ store: store() })
    expect(await faultCode(keysmith.keys.create({ name: 'x', policyId: 'pol_1' }))).toBe('policy_not_found')
  })

  it('gives the scopes that are available, and those below them', async () => {
    const { keysmith } = start({ store: store(), availableScopes: ['read', 'write:users'] })
    await keysmith.keys.create({ name: 'x', scopes: ['read:teams', 'write:users'] })
    for (const scope of ['write', 'admin', '*', 'reader']) {
      const error = await fault(keysmith.keys.create({ name: 'x', scopes: [scope] }))
      expect(error.code).toBe('scope_not_available')
      expect(error.message).toContain('read, write:users')
    }
  })

  it('gives no more than the caller has', async () => {
    const { keysmith } = start({ store: store() })
    const caller = { scopes: ['files:read', 'keysmith:keys:create'] }
    await keysmith.keys.create({ name: 'x', scopes: ['files:read', 'files:read:own'] }, caller)
    for (const scopes of [['files'], ['*'], ['files:read', 'files:write'], ['keysmith:keys'], ['keysmith']]) {
      expect(await faultCode(keysmith.keys.create({ name: 'x', scopes }, caller))).toBe('forbidden')
    }
    const root = { scopes: ['*'] }
    expect(await faultCode(keysmith.keys.create({ name: 'x', scopes: ['keysmith'] }, root))).toBe('forbidden')
    expect(await faultCode(keysmith.keys.create({ name: 'x', scopes: ['a'] }, { scopes: [] }))).toBe(
      'forbidden',
    )
    expect(await keysmith.keys.count()).toBe(1)
  })

  it('gives a management key every tenant only when it is asked to', async () => {
    const { keysmith } = start({ store: store() })
    const scopes = ['keysmith:keys:verify']
    expect((await keysmith.keys.create({ name: 'x', scopes })).key).toMatchObject({
      tenantId: 'default',
      appId: '*',
    })
    const everywhere = await keysmith.keys.create({ name: 'x', scopes, tenantId: '*' })
    expect(everywhere.key).toMatchObject({ tenantId: '*', appId: '*' })
  })

  it('makes a thousand different keys', async () => {
    const subject = start({ store: store() })
    const made = await Promise.all(Array.from({ length: 1000 }, () => issue(subject)))
    expect(new Set(made.map(({ rawKey }) => rawKey)).size).toBe(1000)
    expect(new Set(made.map(({ key }) => key.identifier)).size).toBe(1000)
    expect(await subject.keysmith.keys.count()).toBe(1000)
  })

  it('hands out nothing that leads back into the store', async () => {
    const subject = start({ store: store() })
    const { key } = await issue(subject, { scopes: ['read'], metadata: { team: { name: 'a' } } })
    const wanted = structuredClone(key)
    const assigned = await subject.keysmith.keys.assignScopes(key.id, ['x'])
    const removed = await subject.keysmith.keys.removeScopes(key.id, ['x'])
    for (const shown of [key, assigned, removed]) {
      expect(() => Reflect.apply(Array.prototype.push, shown.scopes, ['admin'])).toSatisfy(threwOrCopied)
      Reflect.set(shown.metadata, 'admin', true)
      Reflect.set(shown, 'state', 'revoked')
    }
    const stored = await subject.keysmith.keys.get(key.id)
    expect(stored).toMatchObject({ scopes: wanted.scopes, metadata: wanted.metadata, state: 'active' })
  })
})

/** Whether a push throws (a frozen list) or goes to a list of the caller's own. */
function threwOrCopied(push: () => unknown): boolean {
  try {
    push()
  } catch (error) {
    return error instanceof TypeError
  }
  return true
}
