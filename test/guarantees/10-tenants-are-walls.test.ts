import { describe, expect, it } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import type { Keys, WalledKeysmith } from '../../src/engine/surface.ts'
import { unknownIdentifier } from '../forge.ts'
import { fault, faultCode, issue, STORES, start } from '../keysmith-under-test.ts'

type Call = (keysmith: WalledKeysmith, reference: string) => Promise<unknown>

/** Every method of keys that takes the id or the identifier of one. */
const ON_A_KEY: Partial<Record<keyof Keys, Call>> = {
  get: ({ keys }, reference) => keys.get(reference),
  getByIdentifier: ({ keys }, reference) => keys.getByIdentifier(reference),
  update: ({ keys }, reference) => keys.update(reference, { name: 'stolen' }),
  rotate: ({ keys }, reference) => keys.rotate(reference),
  revoke: ({ keys }, reference) => keys.revoke(reference),
  purge: ({ keys }, reference) => keys.purge(reference),
  suspend: ({ keys }, reference) => keys.suspend(reference),
  reactivate: ({ keys }, reference) => keys.reactivate(reference),
  delete: ({ keys }, reference) => keys.delete(reference),
  assignScopes: ({ keys }, reference) => keys.assignScopes(reference, ['admin']),
  removeScopes: ({ keys }, reference) => keys.removeScopes(reference, ['read']),
  markUsed: ({ keys }, reference) => keys.markUsed(reference),
}
const ON_NO_KEY = ['create', 'verify', 'authenticate', 'list', 'count', 'generate', 'import']

const ON_RECORDS: Record<string, Call> = {
  'rotations.list': ({ rotations }, keyId) => rotations.list({ keyId }),
  'audit.list': ({ audit }, keyId) => audit.list({ keyId }),
  'audit.record': ({ audit }, keyId) => audit.record({ action: 'invoice.sent', keyId }),
}

/** What a caller can see of an answer. */
async function seen(call: Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await call) ?? 'undefined'
  } catch {
    const { name, code, message, issues, retryAfter } = await fault(call)
    return JSON.stringify({ name, code, message, issues, retryAfter })
  }
}

describe.each(STORES)(
  `Tenants are walls: another tenant's id answers like one that does not exist. (%s)`,
  (_, store) => {
    async function walls() {
      const subject = start({ store: store() })
      const mine = subject.keysmith.forTenant({ tenantId: 'acme', appId: 'shop' })
      const { key, rawKey } = await issue({ keysmith: mine }, { scopes: ['read'] })
      await mine.keys.rotate(key.id)
      await mine.scopes.create({ name: 'read:teams', description: 'mine' })
      const outside = [
        subject.keysmith.forTenant({ tenantId: 'other' }),
        subject.keysmith.forTenant({ tenantId: 'acme', appId: 'other' }),
      ]
      return { ...subject, mine, outside, key, rawKey }
    }

    it('every method of keys is in this test', async () => {
      const { mine } = await walls()
      expect(Object.keys(mine.keys).sort()).toEqual([...Object.keys(ON_A_KEY), ...ON_NO_KEY].sort())
    })

    it.each(Object.entries({ ...ON_A_KEY, ...ON_RECORDS }))('%s', async (_name, call) => {
      const { outside, mine, key, rawKey } = await walls()
      const before = JSON.stringify([await mine.keys.get(key.id), await mine.audit.list()])
      for (const keysmith of outside) {
        const byId = await seen(call(keysmith, key.id))
        expect(byId).toBe(await seen(call(keysmith, newId('key'))))
        const byIdentifier = await seen(call(keysmith, key.identifier))
        expect(byIdentifier).toBe(await seen(call(keysmith, unknownIdentifier())))
      }
      expect(JSON.stringify([await mine.keys.get(key.id), await mine.audit.list()])).toBe(before)
      expect((await mine.keys.verify(rawKey)).code).toBe('valid')
    })

    it('lists and counts show what is inside', async () => {
      const { outside, mine } = await walls()
      expect(await mine.keys.count()).toBe(1)
      expect((await mine.audit.list()).items).toHaveLength(3)
      for (const keysmith of outside) {
        expect(await keysmith.keys.count()).toBe(0)
        for (const page of [
          await keysmith.keys.list({ q: 'billing' }),
          await keysmith.scopes.list(),
          await keysmith.rotations.list(),
          await keysmith.audit.list(),
        ]) {
          expect(page).toEqual({ items: [], nextCursor: null })
        }
      }
    })

    it('scopes of another tenant are not there, and each tenant has its own', async () => {
      const { outside, mine } = await walls()
      for (const { scopes } of outside) {
        expect(await faultCode(scopes.get('read:teams'))).toBe('scope_not_found')
        expect(await faultCode(scopes.update('read:teams', { description: 'x' }))).toBe('scope_not_found')
        expect(await faultCode(scopes.delete('read:teams'))).toBe('scope_not_found')
      }
      await outside[0]?.scopes.create({ name: 'read:teams', description: 'theirs' })
      expect((await mine.scopes.get('read:teams')).description).toBe('mine')
    })

    it('nothing can be made or asked for outside of the walls', async () => {
      const { mine } = await walls()
      const elsewhere = { tenantId: 'other' }
      const codes = await Promise.all([
        faultCode(mine.keys.create({ name: 'x', ...elsewhere })),
        faultCode(mine.keys.create({ name: 'x', appId: 'other' })),
        faultCode(mine.keys.list(elsewhere)),
        faultCode(mine.keys.count(elsewhere)),
        faultCode(mine.scopes.create({ name: 'x', ...elsewhere })),
        faultCode(mine.scopes.list(elsewhere)),
        faultCode(mine.rotations.list(elsewhere)),
        faultCode(mine.audit.list(elsewhere)),
        faultCode(mine.audit.record({ action: 'x', ...elsewhere })),
      ])
      expect(new Set(codes)).toEqual(new Set(['forbidden']))
    })

    it('what is made inside belongs inside', async () => {
      const { mine } = await walls()
      const place = { tenantId: 'acme', appId: 'shop' }
      expect((await issue({ keysmith: mine })).key).toMatchObject(place)
      const { identifier, hash } = await mine.keys.generate()
      expect(await mine.keys.import({ name: 'x', identifier, hash })).toMatchObject(place)
      expect(await mine.scopes.create({ name: 'x' })).toMatchObject(place)
      expect(await mine.audit.record({ action: 'x' })).toMatchObject(place)
    })

    it('tenants that use one idempotency key have nothing to do with each other', async () => {
      const { outside, mine } = await walls()
      const options = { idempotencyKey: 'invoice-1' }
      const first = await mine.keys.create({ name: 'mine' }, options)
      const theirs = await outside[0]?.keys.create({ name: 'theirs' }, options)
      expect(theirs?.rawKey).toBeDefined()
      expect(theirs?.key.id).not.toBe(first.key.id)
    })

    it('walls without a tenant are refused, not taken for every tenant', async () => {
      const { keysmith } = start({ store: store() })
      for (const realm of [{}, { tenantId: undefined }, { tenantId: null }, { tenantId: '' }]) {
        expect(await faultCode(() => keysmith.forTenant(realm as { tenantId: string }))).toBe(
          'invalid_request',
        )
      }
    })
  },
)
