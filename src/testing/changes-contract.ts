import assert from 'node:assert/strict'
import type { KeyRecord } from '../core/key.ts'
import type { Store } from '../store/store.ts'
import type { Cases } from './contract-case.ts'
import {
  ANYWHERE,
  aClaim,
  aCreation,
  actionsOn,
  aKey,
  anAudit,
  aRotation,
  atOnce,
  HOUR,
  NOW,
  page,
  putKey,
  tamper,
} from './contract-records.ts'

const LATER = NOW + HOUR

/** One of each change of a key, as decided on a record. */
const CHANGES: Record<string, (store: Store, key: KeyRecord) => Promise<unknown>> = {
  edit: async (store, key) =>
    store.editKey({ key, changes: { name: 'new' }, at: LATER, audit: anAudit(key, 'key.updated') }),
  transition: async (store, key) =>
    store.transition({ key, to: 'revoked', reason: null, at: LATER, audit: anAudit(key, 'key.revoked') }),
  rotation: async (store, key) => store.rotateCredential(aRotation(key)),
  deletion: async (store, key) =>
    (await store.deleteKey({ key, at: LATER, audit: anAudit(key, 'key.deleted') })) || undefined,
}

/** Everything that a store has of a key. */
async function all(store: Store, { id, identifier }: KeyRecord): Promise<unknown> {
  return {
    match: await store.find(identifier),
    key: await store.getKey(ANYWHERE, { id }),
    credentials: await store.listCredentials(id),
    rotations: await store.listRotations(ANYWHERE, { keyId: id }, page()),
    audit: await store.listAudit(ANYWHERE, { keyId: id }, page()),
  }
}

function casesOfEvery(): Cases {
  const cases: Record<string, (store: Store) => Promise<void>> = {}
  for (const [name, change] of Object.entries(CHANGES)) {
    cases[`a ${name} decided on an older version writes nothing, not even an audit event`] = async (
      store,
    ) => {
      const key = await putKey(store)
      await store.editKey({ key, changes: { name: 'first' }, at: NOW, audit: anAudit(key, 'key.updated') })
      const before = await all(store, key)
      assert.equal(await change(store, key), undefined)
      assert.deepEqual(await all(store, key), before)
    }
    cases[`a ${name} decided on a version that is yet to come writes nothing`] = async (store) => {
      const key = await putKey(store)
      const before = await all(store, key)
      assert.equal(await change(store, { ...key, version: 2 }), undefined)
      assert.deepEqual(await all(store, key), before)
    }
    cases[`a ${name} of a key that is not there writes nothing`] = async (store) => {
      const key = aKey()
      assert.equal(await change(store, key), undefined)
      assert.deepEqual(await actionsOn(store, key.id), [])
    }
    cases[`a ${name} of one key leaves all others as they were`] = async (store) => {
      const other = await putKey(store)
      const before = await all(store, other)
      assert.notEqual(await change(store, await putKey(store)), undefined)
      assert.deepEqual(await all(store, other), before)
    }
    cases[`of 20 conflicting ${name}s at once one wins`] = async (store) => {
      const key = await putKey(store)
      const answers = await atOnce(20, () => change(store, key))
      assert.equal(answers.filter((answer) => answer !== undefined).length, 1)
      assert.equal((await actionsOn(store, key.id)).length, 2)
    }
  }
  return cases
}

/** `editKey`, `transition`, `rotateCredential` and `deleteKey`, as changes of a version. */
export const changes: Cases = {
  ...casesOfEvery(),

  'of one change of each kind at once one wins': async (store) => {
    const key = await putKey(store)
    const kinds = Object.values(CHANGES)
    const answers = await atOnce(20, (index) => kinds[index % kinds.length]?.(store, key))
    assert.equal(answers.filter((answer) => answer !== undefined).length, 1)
    assert.equal((await actionsOn(store, key.id)).length, 2)
  },

  'an edit changes the fields that it names, and gives the key as it is now': async (store) => {
    const key = await putKey(store)
    const changes = {
      name: `o'Neill "x" 🔑`,
      description: 'new',
      ownerId: 'ada',
      scopes: ['admin'],
      metadata: { changed: [true] },
      expiresAt: NOW + 5 * HOUR,
    }
    const audit = anAudit(key, 'key.updated')
    const edited = await store.editKey({ key, changes: structuredClone(changes), at: LATER, audit })
    const wanted = { ...key, ...changes, updatedAt: LATER, version: 2 }
    assert.deepEqual(edited, wanted)
    assert.deepEqual(await store.getKey(ANYWHERE, { id: key.id }), wanted)
    assert.deepEqual((await store.find(key.identifier))?.key, wanted)
    assert.deepEqual(await actionsOn(store, key.id), ['key.created', 'key.updated'])
  },

  'an edit can take a value away': async (store) => {
    const key = await putKey(store, { ownerId: 'ada', expiresAt: NOW + HOUR })
    const changes = { ownerId: null, expiresAt: null, scopes: [], metadata: {} }
    await store.editKey({ key, changes, at: LATER, audit: anAudit(key, 'key.updated') })
    const wanted = { ...key, ...changes, updatedAt: LATER, version: 2 }
    assert.deepEqual(await store.getKey(ANYWHERE, { id: key.id }), wanted)
  },

  'a transition changes the state, with its reason and its time': async (store) => {
    const key = await putKey(store)
    const audit = anAudit(key, 'key.suspended')
    const suspended = await store.transition({ key, to: 'suspended', reason: `it's late`, at: LATER, audit })
    const state = { state: 'suspended', stateReason: `it's late`, stateChangedAt: LATER } as const
    assert.deepEqual(suspended, { ...key, ...state, updatedAt: LATER, version: 2 })
    assert.deepEqual(await store.getKey(ANYWHERE, { id: key.id }), suspended)
    assert.deepEqual(await actionsOn(store, key.id), ['key.created', 'key.suspended'])
  },

  'changes follow each other, each on the record that the one before it gave': async (store) => {
    let key = await putKey(store)
    for (const to of ['suspended', 'active', 'suspended', 'revoked', 'purged'] as const) {
      const audit = anAudit(key, `key.${to}`)
      const next = await store.transition({ key, to, reason: null, at: LATER, audit })
      assert.equal(next?.state, to)
      assert.equal(next?.version, key.version + 1)
      key = next ?? key
    }
    assert.equal((await actionsOn(store, key.id)).length, 6)
  },

  'what a change gave can be changed, and changes nothing in the store': async (store) => {
    const key = await putKey(store)
    const changes = { scopes: ['admin'], metadata: { a: { b: 1 } } }
    const audit = anAudit(key, 'key.updated', { extra: { changes: { scopes: ['admin'] } } })
    const edited = await store.editKey({ key, changes: structuredClone(changes), at: LATER, audit })
    tamper(edited)
    const wanted = { ...key, ...changes, updatedAt: LATER, version: 2 }
    assert.deepEqual(await store.getKey(ANYWHERE, { id: key.id }), wanted)
  },

  'a deletion takes the key and its credentials, and leaves audit trail and rotations': async (store) => {
    const key = await putKey(store)
    const rotated = await store.rotateCredential(aRotation(key))
    assert.ok(rotated)
    assert.equal(
      await store.deleteKey({ key: rotated, at: LATER, audit: anAudit(rotated, 'key.deleted') }),
      true,
    )
    assert.equal(await store.find(key.identifier), undefined)
    assert.equal(await store.getKey(ANYWHERE, { id: key.id }), undefined)
    assert.equal(await store.getKey(ANYWHERE, { identifier: key.identifier }), undefined)
    assert.deepEqual(await store.listCredentials(key.id), [])
    assert.equal(await store.countKeys(ANYWHERE, { now: NOW }), 0)
    assert.equal((await store.listRotations(ANYWHERE, { keyId: key.id }, page())).length, 1)
    const trail = await actionsOn(store, key.id)
    assert.deepEqual([...trail].sort(), ['key.created', 'key.deleted', 'key.rotated'])
  },

  'a deleted key is deleted once': async (store) => {
    const key = await putKey(store)
    const audit = () => anAudit(key, 'key.deleted')
    assert.equal(await store.deleteKey({ key, at: LATER, audit: audit() }), true)
    assert.equal(await store.deleteKey({ key, at: LATER, audit: audit() }), false)
    assert.deepEqual((await actionsOn(store, key.id)).length, 2)
  },

  'the identifier and the claim of a deleted key are free again': async (store) => {
    const key = aKey()
    await store.createKey(aCreation(key, aClaim()))
    await store.deleteKey({ key, at: LATER, audit: anAudit(key, 'key.deleted') })
    const again = aKey({ identifier: key.identifier })
    assert.deepEqual(await store.createKey(aCreation(again, aClaim())), { outcome: 'created' })
    assert.equal((await store.find(key.identifier))?.key.id, again.id)
  },
}
