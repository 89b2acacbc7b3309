import { describe, expect, it } from 'vitest'
import { faultCode, HOUR, issue, STORES, start } from '../../test/keysmith-under-test.ts'
import type { ListKeysInput } from '../core/key-input.ts'

describe.each(STORES)('reading keys (%s)', (_, store) => {
  it('a key is got by its id or its identifier, and its raw key is neither', async () => {
    const subject = start({ store: store() })
    const { key, rawKey } = await issue(subject)
    const { keys } = subject.keysmith
    expect(await keys.get(key.id)).toEqual(key)
    expect(await keys.get(key.identifier)).toEqual(key)
    expect(await keys.getByIdentifier(key.identifier)).toEqual(key)
    expect(await faultCode(keys.getByIdentifier(key.id))).toBe('key_not_found')
    for (const reference of [rawKey, '', 'x', key.id.toUpperCase(), `${key.id} `, '__proto__']) {
      expect(await faultCode(keys.get(reference))).toBe('key_not_found')
    }
  })

  it('pages show each key once, and no page shows more than 100', async () => {
    const subject = start({ store: store() })
    const ids = new Set<string>()
    for (let made = 0; made < 103; made++) ids.add((await issue(subject)).key.id)
    const first = await subject.keysmith.keys.list({ limit: 100 })
    expect(first.items).toHaveLength(100)
    const rest = await subject.keysmith.keys.list({ limit: 100, cursor: first.nextCursor ?? '' })
    expect(rest.nextCursor).toBe(null)
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id))).toEqual(ids)
    expect((await subject.keysmith.keys.list()).items).toHaveLength(50)
    expect((await subject.keysmith.keys.list({ offset: 100 })).items).toHaveLength(3)
    expect(await subject.keysmith.keys.count()).toBe(103)
  })

  it('keys are filtered by state as of now', async () => {
    const subject = start({ store: store() })
    const { keys } = subject.keysmith
    const expiring = await issue(subject, { expiresIn: '1h' })
    const suspended = await issue(subject)
    await keys.suspend(suspended.key.id)
    expect(await keys.count({ state: 'active' })).toBe(1)
    subject.pass(HOUR)
    expect(await keys.count({ state: 'active' })).toBe(0)
    const { items } = await keys.list({ state: 'expired' })
    expect(items).toMatchObject([{ id: expiring.key.id, state: 'expired' }])
    expect(await keys.count({ state: 'suspended', environment: 'live', q: 'BILL' })).toBe(1)
  })

  it.each<unknown>([
    { limit: 0 },
    { limit: 101 },
    { limit: -1 },
    { limit: Number.POSITIVE_INFINITY },
    { limit: '10' },
    { limit: 1.5 },
    { offset: -1 },
    { offset: 2 ** 53 },
    { state: 'deleted' },
    { sort: 'created_at;DROP TABLE keys--' },
    { cursor: 'x' },
    { cursor: '' },
    { q: '' },
  ])('refuses the list %j', async (input) => {
    const { keys } = start({ store: store() }).keysmith
    expect(await faultCode(keys.list(input as ListKeysInput))).toBe('invalid_request')
  })

  it('a cursor belongs to the list and the filters that gave it', async () => {
    const subject = start({ store: store() })
    for (let made = 0; made < 3; made++) await issue(subject)
    const { keysmith } = subject
    const cursor = (await keysmith.keys.list({ limit: 1 })).nextCursor ?? ''
    expect((await keysmith.keys.list({ limit: 2, cursor })).items).toHaveLength(2)
    for (const call of [
      () => keysmith.keys.list({ cursor, state: 'active' }),
      () => keysmith.keys.list({ cursor, tenantId: 'default' }),
      () => keysmith.forTenant({ tenantId: 'default' }).keys.list({ cursor }),
      () => keysmith.audit.list({ cursor }),
      () => keysmith.scopes.list({ cursor }),
      () => keysmith.keys.list({ cursor: `${cursor}A` }),
      () => keysmith.keys.list({ cursor, offset: 1 }),
    ]) {
      expect(await faultCode(call)).toBe('invalid_request')
    }
  })
})
