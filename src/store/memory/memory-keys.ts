import { lowerAscii } from '../../core/ascii.ts'
import type { CredentialRecord } from '../../core/credential.ts'
import { deepFreeze } from '../../core/freeze.ts'
import { type KeyRecord, stateAt } from '../../core/key.ts'
import { isWithin, type Realm } from '../../core/realm.ts'
import type { ClaimedCreation, IdempotencyClaim, KeyQuery, KeyReference, Store } from '../store.ts'
import { pageOf } from './memory-page.ts'
import type { MemoryState } from './memory-state.ts'

type KeyMethods = Pick<
  Store,
  | 'find'
  | 'createKey'
  | 'findClaim'
  | 'getKey'
  | 'listCredentials'
  | 'listKeys'
  | 'countKeys'
  | 'editKey'
  | 'transition'
  | 'rotateCredential'
  | 'rehashCredential'
  | 'deleteKey'
  | 'markUsed'
  | 'hashSchemes'
  | 'sweep'
>

export function keyMethods(state: MemoryState): KeyMethods {
  const { keys, keyIdByIdentifier, credentials, keyIdByLookup, claims, audit } = state

  /** Replaces a key by its next version, unless it is no longer the one that was decided on. */
  function advance(decidedOn: KeyRecord, at: number, changes: Partial<KeyRecord>): KeyRecord | undefined {
    const current = keys.get(decidedOn.id)
    if (current?.version !== decidedOn.version) return undefined
    const next = deepFreeze({ ...current, ...changes, updatedAt: at, version: current.version + 1 })
    keys.set(next.id, next)
    return next
  }

  function matching(realm: Realm, filter: KeyQuery): KeyRecord[] {
    return [...keys.values()].filter((key) => isWithin(realm, key) && matches(key, filter))
  }

  function findClaim(claim: IdempotencyClaim): ClaimedCreation | undefined {
    const earlier = claims.get(nameOf(claim))
    if (!earlier || earlier.createdAt < claim.expiredBefore) return undefined
    return { outcome: 'claimed', fingerprint: earlier.fingerprint, keyId: earlier.keyId }
  }

  return {
    findClaim,

    find(lookup) {
      const keyId = keyIdByLookup.get(lookup)
      const key = keyId === undefined ? undefined : keys.get(keyId)
      return key && { key, credentials: credentials.get(key.id) ?? [] }
    },

    createKey({ key, credential, audit: event, claim }) {
      const claimed = claim && findClaim(claim)
      if (claimed) return claimed
      if (keyIdByIdentifier.has(key.identifier)) return { outcome: 'identifier_taken' }
      keys.set(key.id, deepFreeze(key))
      keyIdByIdentifier.set(key.identifier, key.id)
      credentials.set(key.id, deepFreeze([credential]))
      keyIdByLookup.set(credential.lookup, key.id)
      if (claim) claims.set(nameOf(claim), { ...claim, keyId: key.id })
      audit.push(deepFreeze(event))
      return { outcome: 'created' }
    },

    getKey(realm, reference) {
      const key = keys.get(idOf(reference, keyIdByIdentifier))
      return key && isWithin(realm, key) ? key : undefined
    },

    listCredentials: (keyId) => [...(credentials.get(keyId) ?? [])],

    listKeys: (realm, filter, page) => pageOf(matching(realm, filter), page),

    countKeys: (realm, filter) => matching(realm, filter).length,

    editKey({ key, changes, at, audit: event }) {
      const next = advance(key, at, changes)
      if (next) audit.push(deepFreeze(event))
      return next
    },

    transition({ key, to, reason, at, audit: event }) {
      const next = advance(key, at, { state: to, stateReason: reason, stateChangedAt: at })
      if (next) audit.push(deepFreeze(event))
      return next
    },

    rotateCredential({ key, credential, rotation, endsAt: latest, drop, at, audit: event }) {
      const next = advance(key, at, { hint: credential.hint, lastUsedAt: null, rotatedAt: at })
      if (!next) return undefined
      const endAt = (endsAt: number | null) => Math.min(endsAt ?? latest, latest)
      const replaced = (credentials.get(key.id) ?? [])
        .filter((old) => !drop.includes(old.id))
        .map((old) => ({ ...old, endsAt: endAt(old.endsAt) }))
      credentials.set(key.id, deepFreeze([credential, ...replaced]))
      keyIdByLookup.set(credential.lookup, key.id)
      state.rotations.push(deepFreeze(rotation))
      audit.push(deepFreeze(event))
      return next
    },

    rehashCredential(id, from, to) {
      for (const [keyId, list] of credentials) {
        if (!list.some((credential) => credential.id === id && credential.hash === from)) continue
        credentials.set(keyId, deepFreeze(list.map((old) => (old.id === id ? { ...old, ...to } : old))))
      }
    },

    deleteKey({ key, audit: event }) {
      if (keys.get(key.id)?.version !== key.version) return false
      keys.delete(key.id)
      keyIdByIdentifier.delete(key.identifier)
      for (const { lookup } of credentials.get(key.id) ?? []) keyIdByLookup.delete(lookup)
      credentials.delete(key.id)
      for (const [name, claim] of claims) if (claim.keyId === key.id) claims.delete(name)
      audit.push(deepFreeze(event))
      return true
    },

    markUsed(uses) {
      for (const { keyId, at } of uses) {
        const key = keys.get(keyId)
        if (!key || at <= (key.lastUsedAt ?? key.rotatedAt ?? -1)) continue
        keys.set(keyId, Object.freeze({ ...key, lastUsedAt: at }))
      }
    },

    hashSchemes: () => [
      ...new Set([...credentials.values()].flatMap((list) => list.map(({ scheme }) => scheme))),
    ],

    sweep(before) {
      const swept = { credentials: 0, claims: 0 }
      const ended = ({ endsAt }: CredentialRecord) => endsAt !== null && endsAt < before.credentials
      for (const [keyId, list] of credentials) {
        const kept = deepFreeze(list.filter((credential) => !ended(credential)))
        swept.credentials += list.length - kept.length
        credentials.set(keyId, kept)
      }
      for (const [name, claim] of claims) {
        if (claim.createdAt < before.claims && claims.delete(name)) swept.claims++
      }
      return swept
    },
  }
}

function idOf(reference: KeyReference, keyIdByIdentifier: ReadonlyMap<string, string>): string {
  return 'id' in reference ? reference.id : (keyIdByIdentifier.get(reference.identifier) ?? '')
}

function matches(key: KeyRecord, filter: KeyQuery): boolean {
  const { q, state, now, ...equal } = filter
  if (state !== undefined && stateAt(key, now) !== state) return false
  for (const [field, value] of Object.entries(equal)) {
    if (value !== undefined && key[field as keyof KeyRecord] !== value) return false
  }
  if (q === undefined) return true
  const wanted = lowerAscii(q)
  return lowerAscii(key.name).includes(wanted) || lowerAscii(key.identifier).includes(wanted)
}

const nameOf = ({ claimant, token }: IdempotencyClaim) => `${claimant}\n${token}`
