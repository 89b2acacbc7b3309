import assert from 'node:assert/strict'
import type { Cases } from './contract-case.ts'
import {
  ANYWHERE,
  aClaim,
  aCreation,
  actionsOn,
  aKey,
  atOnce,
  HOUR,
  ids,
  NOW,
  page,
  putKey,
  tamper,
} from './contract-records.ts'

/** `createKey`, and the claims that come with it. */
export const creation: Cases = {
  'a new key is found with its credential and its audit event': async (store) => {
    const key = aKey()
    const created = aCreation(key)
    const wanted = structuredClone(created)
    assert.deepEqual(await store.createKey(created), { outcome: 'created' })
    assert.deepEqual(await store.find(key.identifier), { key: wanted.key, credentials: [wanted.credential] })
    assert.deepEqual(await store.getKey(ANYWHERE, { id: key.id }), wanted.key)
    assert.deepEqual(await store.listCredentials(key.id), [wanted.credential])
    assert.deepEqual(await store.listAudit(ANYWHERE, {}, page()), [wanted.audit])
  },

  'every field of a key comes back as it went in': async (store) => {
    const key = await putKey(store, {
      name: `"><img src=x onerror='alert(1)'> 日本語 🔑 100% _; DROP TABLE keys --`,
      description: 'first line\nsecond line\t\\ "quoted"',
      kind: 'user',
      ownerId: `o'Brien`,
      scopes: ['*', 'read:*'],
      metadata: { '': null, __proto: 1, nested: [{ 'a"b': "it's" }], number: 0.1, unicode: 'Ωé' },
      createdBy: 'ada',
      expiresAt: NOW + HOUR,
      stateReason: 'none',
    })
    assert.deepEqual(await store.getKey(ANYWHERE, { id: key.id }), key)
    assert.deepEqual((await store.find(key.identifier))?.key, key)
  },

  'an identifier that is taken is refused, and leaves nothing behind': async (store) => {
    const first = await putKey(store)
    const second = aKey({ identifier: first.identifier })
    const outcome = await store.createKey(aCreation(second, aClaim()))
    assert.deepEqual(outcome, { outcome: 'identifier_taken' })
    assert.equal(await store.getKey(ANYWHERE, { id: second.id }), undefined)
    assert.deepEqual(await store.listCredentials(second.id), [])
    assert.deepEqual(await actionsOn(store, second.id), [])
    assert.equal((await store.find(first.identifier))?.key.id, first.id)
    const third = aKey()
    assert.deepEqual(await store.createKey(aCreation(third, aClaim())), { outcome: 'created' })
  },

  'an identifier is taken for every tenant': async (store) => {
    const first = await putKey(store, { tenantId: 'acme' })
    const second = aKey({ identifier: first.identifier, tenantId: 'other' })
    assert.deepEqual(await store.createKey(aCreation(second)), { outcome: 'identifier_taken' })
  },

  'identifiers that differ in case are two': async (store) => {
    const lower = await putKey(store, { identifier: 'sk_live_abcdefghijkl' })
    const upper = await putKey(store, { identifier: 'sk_live_ABCDEFGHIJKL' })
    assert.equal((await store.find(lower.identifier))?.key.id, lower.id)
    assert.equal((await store.getKey(ANYWHERE, { identifier: upper.identifier }))?.id, upper.id)
    assert.equal(await store.find('sk_live_Abcdefghijkl'), undefined)
    assert.equal(await store.getKey(ANYWHERE, { identifier: 'sk_live_Abcdefghijkl' }), undefined)
  },

  'of many creations with one identifier one wins': async (store) => {
    const outcomes = await atOnce(20, () =>
      store.createKey(aCreation(aKey({ identifier: 'sk_live_thesameforall' }))),
    )
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'created').length, 1)
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'identifier_taken').length, 19)
    assert.equal(await store.countKeys(ANYWHERE, { now: NOW }), 1)
    assert.equal((await store.listAudit(ANYWHERE, {}, page())).length, 1)
  },

  'a claim that was made is told, and creates nothing': async (store) => {
    const first = aKey()
    const second = aKey()
    await store.createKey(aCreation(first, aClaim()))
    const claimed = { outcome: 'claimed', fingerprint: 'f1', keyId: first.id }
    assert.deepEqual(await store.createKey(aCreation(second, aClaim())), claimed)
    assert.equal(await store.find(second.identifier), undefined)
    assert.deepEqual(await actionsOn(store, second.id), [])
  },

  'a claim with another fingerprint is told the one that was made': async (store) => {
    const first = aKey()
    await store.createKey(aCreation(first, aClaim({ fingerprint: 'f1' })))
    const outcome = await store.createKey(aCreation(aKey(), aClaim({ fingerprint: 'f2' })))
    assert.deepEqual(outcome, { outcome: 'claimed', fingerprint: 'f1', keyId: first.id })
  },

  'a claim is told even when its key has the identifier of this creation': async (store) => {
    const key = aKey()
    await store.createKey(aCreation(key, aClaim()))
    const outcome = await store.createKey(aCreation({ ...aKey(), identifier: key.identifier }, aClaim()))
    assert.equal(outcome.outcome, 'claimed')
  },

  'claims of other claimants, or with other tokens, have nothing to do with each other': async (store) => {
    for (const claim of [
      aClaim(),
      aClaim({ token: 'TOKEN-1' }),
      aClaim({ claimant: 'user:Ada' }),
      aClaim({ claimant: 'user:ada ', token: 'token-1' }),
    ]) {
      assert.deepEqual(await store.createKey(aCreation(aKey(), claim)), { outcome: 'created' })
    }
  },

  'a claim that has expired counts for nothing, and is replaced': async (store) => {
    const second = aKey()
    await store.createKey(aCreation(aKey(), aClaim({ createdAt: NOW })))
    const later = { createdAt: NOW + 25 * HOUR, expiredBefore: NOW + HOUR, fingerprint: 'f2' }
    assert.deepEqual(await store.createKey(aCreation(second, aClaim(later))), { outcome: 'created' })
    const outcome = await store.createKey(aCreation(aKey(), aClaim(later)))
    assert.deepEqual(outcome, { outcome: 'claimed', fingerprint: 'f2', keyId: second.id })
  },

  'a claim made at the very time before which claims are expired still counts': async (store) => {
    await store.createKey(aCreation(aKey(), aClaim({ createdAt: NOW })))
    const outcome = await store.createKey(aCreation(aKey(), aClaim({ expiredBefore: NOW })))
    assert.equal(outcome.outcome, 'claimed')
  },

  'of many creations with one claim one creates, and the others are told of it': async (store) => {
    const outcomes = await atOnce(20, () => store.createKey(aCreation(aKey(), aClaim())))
    const keys = await store.listKeys(ANYWHERE, { now: NOW }, page())
    assert.equal(keys.length, 1)
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'created').length, 1)
    for (const outcome of outcomes) {
      if (outcome.outcome === 'created') continue
      assert.deepEqual(outcome, { outcome: 'claimed', fingerprint: 'f1', keyId: ids(keys)[0] })
    }
  },

  'what comes out of the store can be changed, and changes nothing in it': async (store) => {
    const given = aCreation(aKey())
    const wanted = structuredClone(given)
    const { id, identifier } = wanted.key
    await store.createKey(given)
    tamper(await store.find(identifier))
    tamper(await store.getKey(ANYWHERE, { id }))
    tamper(await store.listCredentials(id))
    tamper(await store.listKeys(ANYWHERE, { now: NOW }, page()))
    tamper(await store.listAudit(ANYWHERE, {}, page()))
    assert.deepEqual(await store.find(identifier), { key: wanted.key, credentials: [wanted.credential] })
    assert.deepEqual(await store.getKey(ANYWHERE, { id }), wanted.key)
    assert.deepEqual(await store.listAudit(ANYWHERE, {}, page()), [wanted.audit])
  },
}
