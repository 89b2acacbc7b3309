import assert from 'node:assert/strict'
import type { KeyRecord } from '../core/key.ts'
import type { Store } from '../store/store.ts'
import type { Cases } from './contract-case.ts'
import {
  ANYWHERE,
  aClaim,
  aCreation,
  aKey,
  anAudit,
  aRotation,
  HOUR,
  ids,
  NOW,
  page,
  putKey,
} from './contract-records.ts'

async function rotate(store: Store, key: KeyRecord, options: { at?: number; grace?: number } = {}) {
  const rotation = aRotation(key, options)
  const rotated = await store.rotateCredential(structuredClone(rotation))
  assert.ok(rotated, 'the key was rotated')
  return { ...rotation, rotated }
}

const endsOf = async (store: Store, key: KeyRecord) =>
  (await store.listCredentials(key.id)).map(({ endsAt }) => endsAt)

const lastUse = async (store: Store, { id }: KeyRecord) => (await store.getKey(ANYWHERE, { id }))?.lastUsedAt

/** Rotation, hashes, uses, and what is swept away. */
export const credentials: Cases = {
  'a rotation adds a credential, ends the old one, and keeps a record of it': async (store) => {
    const key = await putKey(store)
    const { credential, rotation, rotated, at } = await rotate(store, key)
    const wanted = { ...key, hint: 'new4', rotatedAt: at, updatedAt: at, version: 2 }
    assert.deepEqual(rotated, wanted)
    const match = await store.find(key.identifier)
    assert.deepEqual(match?.key, wanted)
    assert.deepEqual(match?.credentials[0], credential)
    assert.equal(match?.credentials[1]?.endsAt, rotation.graceEndsAt)
    assert.deepEqual(await store.listCredentials(key.id), match?.credentials)
    assert.deepEqual(await store.listRotations(ANYWHERE, { keyId: key.id }, page()), [rotation])
  },

  'credentials come the newest first': async (store) => {
    const key = await putKey(store)
    const first = await rotate(store, key, { at: NOW + HOUR })
    const second = await rotate(store, first.rotated, { at: NOW + 2 * HOUR })
    const wanted = [second.credential.id, first.credential.id]
    assert.deepEqual(ids(await store.listCredentials(key.id)).slice(0, 2), wanted)
    assert.deepEqual(ids((await store.find(key.identifier))?.credentials ?? []).slice(0, 2), wanted)
  },

  'a later rotation ends earlier credentials sooner, and never later': async (store) => {
    const key = await putKey(store)
    const first = await rotate(store, key, { at: NOW, grace: 10 * HOUR })
    const second = await rotate(store, first.rotated, { at: NOW + HOUR, grace: 20 * HOUR })
    assert.deepEqual(await endsOf(store, key), [null, NOW + 21 * HOUR, NOW + 10 * HOUR])
    await rotate(store, second.rotated, { at: NOW + 2 * HOUR, grace: 0 })
    const now = NOW + 2 * HOUR
    assert.deepEqual(await endsOf(store, key), [null, now, now, now])
  },

  'a rotation does not end the credentials of other keys': async (store) => {
    const other = await putKey(store)
    await rotate(store, await putKey(store), { grace: 0 })
    assert.deepEqual(await endsOf(store, other), [null])
  },

  'a rotation clears the last use': async (store) => {
    const key = await putKey(store)
    await store.markUsed([{ keyId: key.id, at: NOW + 1 }])
    const { rotated } = await rotate(store, key)
    assert.equal(rotated.lastUsedAt, null)
    assert.equal(await lastUse(store, key), null)
  },

  'a use is written, and is no new version': async (store) => {
    const key = await putKey(store)
    await store.markUsed([{ keyId: key.id, at: NOW + 5 }])
    const used = await store.getKey(ANYWHERE, { id: key.id })
    assert.deepEqual(used, { ...key, lastUsedAt: NOW + 5 })
    const audit = anAudit(key, 'key.updated')
    assert.ok(await store.editKey({ key, changes: { name: 'new' }, at: NOW, audit }))
    assert.equal(await lastUse(store, key), NOW + 5)
  },

  'an older use changes nothing': async (store) => {
    const key = await putKey(store)
    await store.markUsed([{ keyId: key.id, at: NOW + 5 }])
    await store.markUsed([{ keyId: key.id, at: NOW + 4 }])
    assert.equal(await lastUse(store, key), NOW + 5)
    await store.markUsed([{ keyId: key.id, at: NOW + 6 }])
    assert.equal(await lastUse(store, key), NOW + 6)
  },

  'a use from before the last rotation changes nothing': async (store) => {
    const key = await putKey(store)
    const { at } = await rotate(store, key)
    await store.markUsed([{ keyId: key.id, at: at - 1 }])
    assert.equal(await lastUse(store, key), null)
    await store.markUsed([{ keyId: key.id, at: at + 1 }])
    assert.equal(await lastUse(store, key), at + 1)
  },

  'uses of many keys are written at once, and those of unknown keys are ignored': async (store) => {
    const keys = [await putKey(store), await putKey(store)]
    await store.markUsed([
      ...keys.map(({ id }, index) => ({ keyId: id, at: NOW + 1 + index })),
      { keyId: aKey().id, at: NOW },
    ])
    await store.markUsed([])
    const uses = await Promise.all(keys.map((key) => lastUse(store, key)))
    assert.deepEqual(uses, [NOW + 1, NOW + 2])
    assert.equal(await store.countKeys(ANYWHERE, { now: NOW }), 2)
  },

  'a hash is replaced when it is the one that was proved': async (store) => {
    const key = await putKey(store)
    const [credential] = await store.listCredentials(key.id)
    assert.ok(credential)
    const to = { hash: 'hmac-sha256$2$new', scheme: 'hmac-sha256$2' }
    await store.rehashCredential(credential.id, 'sha256$another', to)
    assert.deepEqual(await store.listCredentials(key.id), [credential])
    await store.rehashCredential(credential.id, credential.hash, to)
    assert.deepEqual((await store.find(key.identifier))?.credentials, [{ ...credential, ...to }])
    await store.rehashCredential(credential.id, credential.hash, { hash: 'late', scheme: 'sha256' })
    assert.deepEqual(await store.listCredentials(key.id), [{ ...credential, ...to }])
    assert.equal((await store.getKey(ANYWHERE, { id: key.id }))?.version, 1)
  },

  'the schemes of all hashes are told, each once': async (store) => {
    assert.deepEqual(await store.hashSchemes(), [])
    const keys = [await putKey(store), await putKey(store), await putKey(store)]
    const [credential] = await store.listCredentials(keys[0]?.id ?? '')
    assert.ok(credential)
    await store.rehashCredential(credential.id, credential.hash, {
      hash: 'hmac-sha256$1$x',
      scheme: 'hmac-sha256$1',
    })
    assert.deepEqual([...(await store.hashSchemes())].sort(), ['hmac-sha256$1', 'sha256'])
  },

  'sweeping takes credentials that ended before a time, and says how many': async (store) => {
    const key = await putKey(store)
    const first = await rotate(store, key, { at: NOW, grace: HOUR })
    const second = await rotate(store, first.rotated, { at: NOW, grace: 3 * HOUR })
    assert.deepEqual(await store.sweep({ credentials: NOW + HOUR, claims: 0 }), {
      credentials: 0,
      claims: 0,
    })
    assert.deepEqual(await store.sweep({ credentials: NOW + HOUR + 1, claims: 0 }), {
      credentials: 1,
      claims: 0,
    })
    const left = [second.credential.id, first.credential.id].sort()
    assert.deepEqual(ids(await store.listCredentials(key.id)).sort(), left)
    assert.deepEqual(ids((await store.find(key.identifier))?.credentials ?? []).sort(), left)
  },

  'sweeping takes claims made before a time, and their tokens are free again': async (store) => {
    const key = aKey()
    await store.createKey(aCreation(key, aClaim()))
    assert.deepEqual(await store.sweep({ credentials: 0, claims: NOW }), { credentials: 0, claims: 0 })
    assert.deepEqual(await store.sweep({ credentials: 0, claims: NOW + 1 }), { credentials: 0, claims: 1 })
    assert.deepEqual(await store.createKey(aCreation(aKey(), aClaim())), { outcome: 'created' })
    assert.equal((await store.find(key.identifier))?.key.id, key.id)
  },
}
