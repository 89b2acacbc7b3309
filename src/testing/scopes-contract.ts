import assert from 'node:assert/strict'
import type { ScopeRecord, Store } from '../store/store.ts'
import type { Cases } from './contract-case.ts'
import {
  ANYWHERE,
  aKey,
  anAudit,
  aScope,
  atOnce,
  ids,
  NOW,
  newestFirst,
  page,
  putKey,
  tamper,
} from './contract-records.ts'

const audit = (action: string) => anAudit(aKey(), action, { keyId: null })

async function putScope(store: Store, fields: Partial<ScopeRecord> = {}): Promise<ScopeRecord> {
  const scope = aScope(fields)
  assert.equal(await store.createScope({ ...scope }, audit('scope.created')), 'created')
  return scope
}

const actions = async (store: Store) =>
  (await store.listAudit(ANYWHERE, {}, page())).map(({ action }) => action).sort()

/** `createScope`, `listScopes`, `getScope`, `updateScope` and `deleteScope`. */
export const scopes: Cases = {
  'a scope is created with its audit event, and got by its name': async (store) => {
    const scope = await putScope(store, { description: `all of "it" – 日本` })
    assert.deepEqual(await store.getScope(ANYWHERE, 'read:users'), scope)
    assert.equal(await store.getScope(ANYWHERE, 'read:teams'), undefined)
    assert.deepEqual(await actions(store), ['scope.created'])
  },

  'a name is taken once in each app, and a refused scope leaves nothing behind': async (store) => {
    await putScope(store)
    assert.equal(await store.createScope(aScope(), audit('scope.created')), 'exists')
    assert.deepEqual(await actions(store), ['scope.created'])
    await putScope(store, { appId: 'other' })
    await putScope(store, { tenantId: 'other' })
    await putScope(store, { name: 'Read:users' })
    assert.equal((await store.listScopes(ANYWHERE, page())).length, 4)
  },

  'of many scopes with one name one is created': async (store) => {
    const outcomes = await atOnce(20, () => store.createScope(aScope(), audit('scope.created')))
    assert.equal(outcomes.filter((outcome) => outcome === 'created').length, 1)
    assert.deepEqual(await actions(store), ['scope.created'])
  },

  'a realm is a wall around scopes': async (store) => {
    const scope = await putScope(store)
    for (const realm of [{ tenantId: 'other' }, { tenantId: 'acme', appId: 'other' }]) {
      assert.equal(await store.getScope(realm, scope.name), undefined)
      assert.deepEqual(await store.listScopes(realm, page()), [])
    }
    for (const realm of [{ tenantId: 'acme' }, { tenantId: 'acme', appId: 'shop' }]) {
      assert.deepEqual(await store.getScope(realm, scope.name), scope)
      assert.deepEqual(await store.listScopes(realm, page()), [scope])
    }
  },

  'scopes are listed the newest first, in pages': async (store) => {
    const all = []
    for (const [index, name] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      all.push(await putScope(store, { name, createdAt: NOW + (index >> 1) }))
    }
    const wanted = newestFirst(all)
    assert.deepEqual(await store.listScopes(ANYWHERE, page()), wanted)
    assert.deepEqual(await store.listScopes(ANYWHERE, page({ limit: 2 })), wanted.slice(0, 2))
    assert.deepEqual(await store.listScopes(ANYWHERE, page({ limit: 2, offset: 2 })), wanted.slice(2, 4))
    const rest = await store.listScopes(ANYWHERE, page({ after: wanted[1] }))
    assert.deepEqual(ids(rest), ids(wanted.slice(2)))
  },

  'an update changes the description, with an audit event': async (store) => {
    const scope = await putScope(store)
    const changed = { ...scope, description: 'new' }
    assert.equal(await store.updateScope({ ...changed }, audit('scope.updated')), true)
    assert.deepEqual(await store.getScope(ANYWHERE, scope.name), changed)
    assert.deepEqual(await actions(store), ['scope.created', 'scope.updated'])
  },

  'a scope that is not there is neither updated nor deleted, and nothing is recorded': async (store) => {
    await putScope(store, { name: 'other' })
    assert.equal(await store.updateScope(aScope(), audit('scope.updated')), false)
    assert.equal(await store.deleteScope(aScope(), audit('scope.deleted')), 'absent')
    assert.deepEqual(await actions(store), ['scope.created'])
  },

  'a scope made anew under an old name is another one': async (store) => {
    const old = await putScope(store)
    await store.deleteScope(old, audit('scope.deleted'))
    const made = await putScope(store, { description: 'another' })
    assert.equal(await store.updateScope({ ...old, description: 'late' }, audit('scope.updated')), false)
    assert.equal(await store.deleteScope(old, audit('scope.deleted')), 'absent')
    assert.deepEqual(await store.getScope(ANYWHERE, old.name), made)
  },

  'a scope is deleted, once': async (store) => {
    const scope = await putScope(store)
    const outcomes = await atOnce(10, () => store.deleteScope(scope, audit('scope.deleted')))
    assert.deepEqual(outcomes.filter((outcome) => outcome === 'deleted').length, 1)
    assert.deepEqual(outcomes.filter((outcome) => outcome === 'absent').length, 9)
    assert.equal(await store.getScope(ANYWHERE, scope.name), undefined)
    assert.deepEqual(await actions(store), ['scope.created', 'scope.deleted'])
  },

  'a scope that a key of its app holds stays, and nothing is recorded': async (store) => {
    const scope = await putScope(store)
    const key = await putKey(store, { scopes: ['x', 'read:users'] })
    assert.equal(await store.deleteScope(scope, audit('scope.deleted')), 'in_use')
    assert.deepEqual(await store.getScope(ANYWHERE, scope.name), scope)
    assert.deepEqual(await actions(store), ['key.created', 'scope.created'])
    await store.editKey({ key, changes: { scopes: ['x'] }, at: NOW, audit: audit('key.updated') })
    assert.equal(await store.deleteScope(scope, audit('scope.deleted')), 'deleted')
  },

  'only the exact name is in use, and only in its own app': async (store) => {
    const scope = await putScope(store)
    for (const held of ['read', 'read:users:own', 'Read:users', 'x/read:users', 'read:*', '*']) {
      await putKey(store, { scopes: [held] })
    }
    await putKey(store, { scopes: ['read:users'], tenantId: 'other' })
    await putKey(store, { scopes: ['read:users'], appId: 'other' })
    await putKey(store, { scopes: [], name: '"read:users"', metadata: { a: ['read:users'] } })
    assert.equal(await store.deleteScope(scope, audit('scope.deleted')), 'deleted')
  },

  'a scope that came out can be changed, and changes nothing in the store': async (store) => {
    const scope = await putScope(store)
    tamper(await store.getScope(ANYWHERE, scope.name))
    tamper(await store.listScopes(ANYWHERE, page()))
    assert.deepEqual(await store.getScope(ANYWHERE, scope.name), scope)
  },
}
