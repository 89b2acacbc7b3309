import type { MaybePromise } from '../core/maybe-promise.ts'
import type { Store } from '../store/store.ts'
import { changes } from './changes-contract.ts'
import type { Cases } from './contract-case.ts'
import { creation } from './creation-contract.ts'
import { credentials } from './credentials-contract.ts'
import { keyLists } from './key-lists-contract.ts'
import { recordLists } from './record-lists-contract.ts'
import { scopes } from './scopes-contract.ts'

// What a store of your own takes and gives.
export type { AuditRecord } from '../core/audit.ts'
export type { CredentialRecord } from '../core/credential.ts'
export type { KeyRecord } from '../core/key.ts'
export type { PageQuery, Position } from '../core/page.ts'
export type { Realm } from '../core/realm.ts'
export type { RotationRecord } from '../core/rotation.ts'
export type {
  AuditQuery,
  ClaimedCreation,
  CreationOutcome,
  CredentialRotation,
  IdempotencyClaim,
  KeyCreation,
  KeyDeletion,
  KeyEdit,
  KeyMatch,
  KeyQuery,
  KeyReference,
  KeyTransition,
  KeyUse,
  RecordQuery,
  ScopeRecord,
  Store,
  StoreFinding,
} from '../store/store.ts'

/** A store for one test, and how to do away with it. */
export interface StoreUnderTest {
  /** New and empty. The suite opens it, and closes it. */
  readonly store: Store
  /** Called after the store was closed: the place to drop its tables or its folder. */
  readonly dispose?: () => MaybePromise<void>
}

export interface StoreContract {
  /** `describe` of your test runner: vitest, jest, mocha, `node:test`, `bun:test`. */
  readonly describe: (name: string, body: () => void) => unknown
  /** `it` of your test runner. */
  readonly it: (name: string, test: () => Promise<void>) => unknown
  /** Makes a store; called once for each test. */
  readonly open: () => MaybePromise<StoreUnderTest>
}

const CONTRACT: Readonly<Record<string, Cases>> = {
  'creating keys': creation,
  'finding and listing keys': keyLists,
  'changing keys': changes,
  'credentials and uses': credentials,
  'the registry of scopes': scopes,
  'rotations and the audit trail': recordLists,
}

/**
 * Declares the tests that every store has to pass: each sentence of the `Store` port.
 *
 * @example
 * import { describe, it } from 'vitest'
 * import { testStoreContract } from 'keysmith/testing'
 * testStoreContract({ describe, it, open: () => ({ store: myStore() }) })
 */
export function testStoreContract({ describe, it, open }: StoreContract): void {
  for (const [area, cases] of Object.entries(CONTRACT)) {
    describe(area, () => {
      for (const [sentence, check] of Object.entries(cases)) {
        it(sentence, async () => {
          const { store, dispose } = await open()
          try {
            await store.open()
            await check(store)
          } finally {
            await store.close()
            await dispose?.()
          }
        })
      }
    })
  }
}
