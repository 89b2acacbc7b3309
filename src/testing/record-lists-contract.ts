import assert from 'node:assert/strict'
import type { KeyRecord } from '../core/key.ts'
import type { AuditQuery, Store } from '../store/store.ts'
import type { Cases } from './contract-case.ts'
import {
  ANYWHERE,
  aKey,
  anAudit,
  aRotation,
  HOUR,
  ids,
  NOW,
  newestFirst,
  page,
  putKey,
  tamper,
} from './contract-records.ts'

/** Rotates a key some times, an hour apart, and gives the records. */
async function rotations(store: Store, key: KeyRecord, times: number) {
  const records = []
  let current = key
  for (let round = 0; round < times; round++) {
    const rotation = aRotation(current, { at: NOW + round * HOUR })
    current = (await store.rotateCredential(structuredClone(rotation))) ?? current
    records.push(rotation.rotation)
  }
  return records
}

const audited = async (store: Store, filter: AuditQuery) =>
  ids(await store.listAudit(ANYWHERE, filter, page()))

/** `listRotations`, `appendAudit` and `listAudit`. */
export const recordLists: Cases = {
  'rotations are listed the newest first, by key and by time': async (store) => {
    const key = await putKey(store)
    const other = await putKey(store)
    const mine = newestFirst(await rotations(store, key, 3))
    const theirs = await rotations(store, other, 1)
    assert.deepEqual(await store.listRotations(ANYWHERE, { keyId: key.id }, page()), mine)
    assert.deepEqual(await store.listRotations(ANYWHERE, {}, page()), newestFirst([...mine, ...theirs]))
    const between = { keyId: key.id, from: NOW + HOUR, to: NOW + 2 * HOUR }
    assert.deepEqual(await store.listRotations(ANYWHERE, between, page()), mine.slice(1, 2))
    assert.deepEqual(
      await store.listRotations(ANYWHERE, { keyId: key.id }, page({ limit: 1, after: mine[0] })),
      mine.slice(1, 2),
    )
    assert.deepEqual(
      await store.listRotations(ANYWHERE, { keyId: key.id }, page({ offset: 2 })),
      mine.slice(2),
    )
  },

  'a realm is a wall around rotations': async (store) => {
    const key = await putKey(store)
    await rotations(store, key, 1)
    for (const realm of [{ tenantId: 'other' }, { tenantId: 'acme', appId: 'other' }]) {
      assert.deepEqual(await store.listRotations(realm, { keyId: key.id }, page()), [])
    }
    assert.equal((await store.listRotations({ tenantId: 'acme' }, {}, page())).length, 1)
  },

  'an audit event comes back as it went in, empty fields too': async (store) => {
    const full = anAudit(aKey(), 'invoice.sent', { extra: { 'a"b': [`it's`, null, { ü: 1 }] } })
    const bare = anAudit(aKey(), 'invoice.paid', {
      keyId: null,
      actorType: null,
      actorId: null,
      path: null,
      method: null,
      status: null,
      ip: null,
      userAgent: null,
      extra: {},
    })
    await store.appendAudit(structuredClone(full))
    await store.appendAudit(structuredClone(bare))
    assert.deepEqual(await store.listAudit(ANYWHERE, {}, page()), newestFirst([full, bare]))
  },

  'a realm is a wall around the audit trail': async (store) => {
    const event = anAudit(aKey(), 'invoice.sent')
    await store.appendAudit(event)
    for (const realm of [{ tenantId: 'other' }, { tenantId: 'acme', appId: 'other' }, { tenantId: 'ACME' }]) {
      assert.deepEqual(await store.listAudit(realm, {}, page()), [])
      assert.deepEqual(await store.listAudit(realm, { keyId: event.keyId ?? '' }, page()), [])
    }
    assert.equal((await store.listAudit({ tenantId: 'acme', appId: 'shop' }, {}, page())).length, 1)
  },

  'the audit trail is filtered by key, action, actor and time, together': async (store) => {
    const key = aKey()
    const events = [
      anAudit(key, 'key.created', { createdAt: NOW }),
      anAudit(key, 'key.revoked', { createdAt: NOW + 1, actorId: 'Ada' }),
      anAudit(aKey(), 'key.created', { createdAt: NOW + 2 }),
    ]
    const [first, second, third] = ids(events)
    for (const event of events) await store.appendAudit(event)
    assert.deepEqual(await audited(store, {}), [third, second, first])
    assert.deepEqual(await audited(store, { keyId: key.id }), [second, first])
    assert.deepEqual(await audited(store, { action: 'key.created' }), [third, first])
    assert.deepEqual(await audited(store, { action: 'key' }), [])
    assert.deepEqual(await audited(store, { actorId: 'Ada' }), [second])
    assert.deepEqual(await audited(store, { keyId: key.id, action: 'key.created' }), [first])
  },

  'a time span begins with its first millisecond and ends before its last': async (store) => {
    const events = [NOW, NOW + 1, NOW + 2].map((createdAt) => anAudit(aKey(), 'x', { createdAt }))
    const [first, second, third] = ids(events)
    for (const event of events) await store.appendAudit(event)
    assert.deepEqual(await audited(store, { from: NOW + 1 }), [third, second])
    assert.deepEqual(await audited(store, { to: NOW + 1 }), [first])
    assert.deepEqual(await audited(store, { from: NOW + 1, to: NOW + 2 }), [second])
    assert.deepEqual(await audited(store, { from: NOW + 1, to: NOW + 1 }), [])
  },

  'pages of the audit trail show each event once, those of one moment too': async (store) => {
    const events = Array.from({ length: 7 }, (_, index) =>
      anAudit(aKey(), 'x', { createdAt: NOW + (index >> 2) }),
    )
    for (const event of events) await store.appendAudit(event)
    const wanted = ids(newestFirst(events))
    const seen: string[] = []
    let after: { id: string; createdAt: number } | undefined
    for (let round = 0; round < 4; round++) {
      const rows = await store.listAudit(ANYWHERE, {}, page({ limit: 2, after }))
      seen.push(...ids(rows))
      after = rows.at(-1)
    }
    assert.deepEqual(seen, wanted)
    assert.deepEqual(
      ids(await store.listAudit(ANYWHERE, {}, page({ limit: 2, offset: 4 }))),
      wanted.slice(4, 6),
    )
  },

  'a record that came out can be changed, and changes nothing in the store': async (store) => {
    const key = await putKey(store)
    const [rotation] = await rotations(store, key, 1)
    const before = structuredClone(await store.listAudit(ANYWHERE, {}, page()))
    tamper(await store.listRotations(ANYWHERE, {}, page()))
    tamper(await store.listAudit(ANYWHERE, {}, page()))
    assert.deepEqual(await store.listRotations(ANYWHERE, {}, page()), [rotation])
    assert.deepEqual(await store.listAudit(ANYWHERE, {}, page()), before)
  },

  'the store says that it answers, and finds nothing wrong with itself': async (store) => {
    await store.ping()
    assert.deepEqual(await store.findings(), [])
    assert.notEqual(store.name, '')
  },
}
