import assert from 'node:assert/strict'
import type { KeyQuery, Store } from '../store/store.ts'
import type { Cases } from './contract-case.ts'
import { ANYWHERE, aKey, HOUR, ids, NOW, newestFirst, page, putKey } from './contract-records.ts'

const found = async (store: Store, filter: Partial<KeyQuery>) => {
  const query = { now: NOW, ...filter }
  const keys = await store.listKeys(ANYWHERE, query, page())
  assert.equal(await store.countKeys(ANYWHERE, query), keys.length, 'count and list agree')
  return ids(keys).sort()
}

/** `find`, `getKey`, `listKeys` and `countKeys`. */
export const keyLists: Cases = {
  'what was never stored is not found': async (store) => {
    await putKey(store)
    const { id, identifier } = aKey()
    assert.equal(await store.find(identifier), undefined)
    assert.equal(await store.find(''), undefined)
    assert.equal(await store.getKey(ANYWHERE, { id }), undefined)
    assert.equal(await store.getKey(ANYWHERE, { identifier }), undefined)
    assert.deepEqual(await store.listCredentials(id), [])
  },

  'text from outside is text: quotes, wildcards and NUL find nothing and break nothing': async (store) => {
    await putKey(store)
    for (const text of [`' OR '1'='1`, '%', 'sk_live_%', '\0', '"', '🔑', 'constructor', '__proto__']) {
      assert.equal(await store.find(text), undefined)
      assert.equal(await store.getKey(ANYWHERE, { id: text }), undefined)
      assert.equal(await store.getKey(ANYWHERE, { identifier: text }), undefined)
      assert.equal(await store.getKey({ tenantId: text }, { id: text }), undefined)
    }
    assert.equal(await store.countKeys(ANYWHERE, { now: NOW }), 1)
  },

  'ids and identifiers are compared by each character, in its case': async (store) => {
    const key = await putKey(store)
    assert.equal(await store.getKey(ANYWHERE, { id: key.id.toUpperCase() }), undefined)
    assert.equal(await store.getKey(ANYWHERE, { id: `${key.id} ` }), undefined)
    assert.equal(await store.getKey(ANYWHERE, { identifier: key.id }), undefined)
    assert.equal(await store.find(`${key.identifier} `), undefined)
    assert.deepEqual(await store.listCredentials(key.id.toUpperCase()), [])
    assert.deepEqual(await found(store, { identifier: key.identifier.toUpperCase() }), [])
  },

  'a realm is a wall around what is got, listed and counted': async (store) => {
    const key = await putKey(store, { tenantId: 'acme', appId: 'shop' })
    const inside = [ANYWHERE, { tenantId: 'acme' }, { appId: 'shop' }, { tenantId: 'acme', appId: 'shop' }]
    const outside = [
      { tenantId: 'other' },
      { tenantId: 'Acme' },
      { tenantId: 'acme', appId: 'other' },
      { tenantId: 'other', appId: 'shop' },
      { tenantId: '*' },
      { tenantId: '' },
    ]
    for (const [realms, wanted] of [
      [inside, 1],
      [outside, 0],
    ] as const) {
      for (const realm of realms) {
        const id = wanted ? key.id : undefined
        assert.equal((await store.getKey(realm, { id: key.id }))?.id, id)
        assert.equal((await store.getKey(realm, { identifier: key.identifier }))?.id, id)
        assert.equal((await store.listKeys(realm, { now: NOW }, page())).length, wanted)
        assert.equal(await store.countKeys(realm, { now: NOW }), wanted)
      }
    }
  },

  'keys are listed the newest first, and those made at once by their ids': async (store) => {
    const keys = []
    for (const createdAt of [NOW, NOW + 1, NOW, NOW - 1, NOW + 1, NOW]) {
      keys.push(await putKey(store, { createdAt }))
    }
    assert.deepEqual(await store.listKeys(ANYWHERE, { now: NOW }, page()), newestFirst(keys))
  },

  'pages by position show each key once, whatever is made meanwhile': async (store) => {
    const keys = []
    for (let made = 0; made < 11; made++) keys.push(await putKey(store, { createdAt: NOW + (made >> 2) }))
    const seen: string[] = []
    let after: { id: string; createdAt: number } | undefined
    for (;;) {
      const rows = await store.listKeys(ANYWHERE, { now: NOW }, page({ limit: 3, after }))
      if (rows.length === 0) break
      seen.push(...ids(rows))
      after = rows.at(-1)
      await putKey(store, { createdAt: NOW + HOUR })
    }
    assert.deepEqual(seen, ids(newestFirst(keys)))
  },

  'pages by offset skip that many': async (store) => {
    const keys = []
    for (let made = 0; made < 5; made++) keys.push(await putKey(store))
    const wanted = ids(newestFirst(keys))
    const listed = async (limit: number, offset: number) =>
      ids(await store.listKeys(ANYWHERE, { now: NOW }, page({ limit, offset })))
    assert.deepEqual(await listed(2, 0), wanted.slice(0, 2))
    assert.deepEqual(await listed(2, 3), wanted.slice(3))
    assert.deepEqual(await listed(100, 4), wanted.slice(4))
    assert.deepEqual(await listed(2, 5), [])
  },

  'a position goes with filters and walls': async (store) => {
    const mine = []
    for (let made = 0; made < 4; made++) {
      mine.push(await putKey(store, { tenantId: 'acme', environment: 'test' }))
      await putKey(store, { tenantId: 'acme', environment: 'live' })
      await putKey(store, { tenantId: 'other', environment: 'test' })
    }
    const [first, ...rest] = newestFirst(mine)
    const filter = { environment: 'test', now: NOW }
    const rows = await store.listKeys({ tenantId: 'acme' }, filter, page({ after: first }))
    assert.deepEqual(ids(rows), ids(rest))
  },

  'keys are filtered by environment, owner, policy and identifier, together': async (store) => {
    const one = await putKey(store, { environment: 'test', ownerId: 'ada', policyId: 'p1' })
    const two = await putKey(store, { environment: 'test', ownerId: 'Ada' })
    assert.deepEqual(await found(store, { environment: 'test' }), [one.id, two.id].sort())
    assert.deepEqual(await found(store, { ownerId: 'ada' }), [one.id])
    assert.deepEqual(await found(store, { policyId: 'p1' }), [one.id])
    assert.deepEqual(await found(store, { identifier: two.identifier }), [two.id])
    assert.deepEqual(await found(store, { environment: 'test', ownerId: 'Ada' }), [two.id])
    assert.deepEqual(await found(store, { environment: 'live', ownerId: 'Ada' }), [])
  },

  'expired is a state of active keys, from the very millisecond on': async (store) => {
    const open = await putKey(store)
    const ending = await putKey(store, { expiresAt: NOW })
    const suspended = await putKey(store, { state: 'suspended', expiresAt: NOW - 1 })
    const revoked = await putKey(store, { state: 'revoked', expiresAt: NOW - 1 })
    const purged = await putKey(store, { state: 'purged' })
    assert.deepEqual(await found(store, { state: 'active' }), [open.id])
    assert.deepEqual(await found(store, { state: 'expired' }), [ending.id])
    assert.deepEqual(await found(store, { state: 'suspended' }), [suspended.id])
    assert.deepEqual(await found(store, { state: 'revoked' }), [revoked.id])
    assert.deepEqual(await found(store, { state: 'purged' }), [purged.id])
    assert.deepEqual(await found(store, { state: 'active', now: NOW - 1 }), [open.id, ending.id].sort())
    assert.deepEqual(await found(store, { state: 'expired', now: NOW - 1 }), [])
  },

  'a search finds a part of the name or the identifier, in any case of ASCII letters': async (store) => {
    const named = await putKey(store, { name: 'Billing Service', identifier: 'sk_live_aaaaaaaaaaaa' })
    const identified = await putKey(store, { name: 'x', identifier: 'sk_live_bILLaaaaaaaa' })
    assert.deepEqual(await found(store, { q: 'BILL' }), [named.id, identified.id].sort())
    assert.deepEqual(await found(store, { q: 'ling ser' }), [named.id])
    assert.deepEqual(await found(store, { q: 'LIVE_BILL' }), [identified.id])
    assert.deepEqual(await found(store, { q: 'billing  service' }), [])
  },

  'a search takes other letters as they are': async (store) => {
    const upper = await putKey(store, { name: 'École Σ' })
    const lower = await putKey(store, { name: 'école k' })
    assert.deepEqual(await found(store, { q: 'É' }), [upper.id])
    assert.deepEqual(await found(store, { q: 'É' + 'COLE Σ' }), [upper.id])
    assert.deepEqual(await found(store, { q: 'é' }), [lower.id])
    assert.deepEqual(await found(store, { q: '\u212a' }), []) // the Kelvin sign, not a k
  },

  'a search takes % _ and quotes as they are': async (store) => {
    const odd = await putKey(store, { name: `100% o'clock "a_b" \\ [c] *` })
    await putKey(store, { name: '100 oclock aXb' })
    for (const q of ['100%', `o'clock`, '"a_b"', '\\', '[c]', '*']) {
      assert.deepEqual(await found(store, { q }), [odd.id], q)
    }
    assert.deepEqual(await found(store, { q: '%o' }), [])
    assert.deepEqual(await found(store, { q: '0_' }), [])
  },
}
