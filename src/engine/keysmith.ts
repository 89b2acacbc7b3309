import { z } from 'zod'
import { parseInput, TenantId } from '../core/input.ts'
import type { MaybePromise } from '../core/maybe-promise.ts'
import type { Realm } from '../core/realm.ts'
import { createTurns } from '../core/turns.ts'
import type { Store } from '../store/store.ts'
import { createHashers } from '../token/hashers.ts'
import { nativeFormat } from '../token/native-format.ts'
import { authenticateKey } from './authenticate-key.ts'
import { createBackground } from './background.ts'
import { purgeKey, reactivateKey, revokeKey, suspendKey } from './change-state.ts'
import { createKey } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { assignScopes, removeScopes, updateKey } from './edit-key.ts'
import type { Engine } from './engine.ts'
import { createEvents } from './events.ts'
import { generateKey } from './generate-key.ts'
import { checkHealth, diagnose } from './health.ts'
import { createClaimsUnderWay } from './idempotency.ts'
import { importKey } from './import-key.ts'
import { createLastUsed } from './last-used.ts'
import { type Life, liveOnce } from './life.ts'
import { listAudit, listRotations, recordAudit } from './list-records.ts'
import { createLookUp } from './look-up.ts'
import { maintain } from './maintain.ts'
import { createScope, deleteScope, getScope, listScopes, updateScope } from './manage-scopes.ts'
import { markUsed } from './mark-used.ts'
import { type KeysmithOptions, readOptions } from './options.ts'
import { countKeys, getKey, getKeyByIdentifier, listKeys } from './read-keys.ts'
import { rotateKey } from './rotate-key.ts'
import type { Keysmith, WalledKeysmith } from './surface.ts'
import { verifyKey } from './verify-key.ts'

// A tenant that is missing by mistake must not be taken for "all tenants".
const Walls = z.strictObject({ tenantId: TenantId, appId: TenantId.optional() })

/** Joins the capabilities over one store. */
export function composeKeysmith<Scope extends string>(
  store: Store,
  options: KeysmithOptions<Scope>,
): Keysmith<Scope> {
  const engine = composeEngine(store, options)
  const life = liveOnce(engine)
  const walled = (realm: Realm) => wall(engine, life, realm) as unknown as WalledKeysmith<Scope>
  return {
    ...walled({}),
    forTenant: (realm) => walled(parseInput(Walls, realm)),
    on: engine.events.on,
    ready: life.ready,
    // What keeps it from opening is what these two are there to tell.
    async health() {
      await life.ready().catch(() => undefined)
      return checkHealth(engine)
    },
    async diagnose() {
      await life.ready().catch(() => undefined)
      return diagnose(engine)
    },
    async maintain() {
      await life.ready()
      return maintain(engine)
    },
    close: life.close,
  }
}

function composeEngine(store: Store, options: KeysmithOptions): Engine {
  const { secretLength, hasher, clock, logger, ...rules } = readOptions(options)
  return {
    store,
    clock,
    logger,
    rules,
    formats: [nativeFormat(secretLength)],
    hashers: createHashers(hasher),
    events: createEvents(logger),
    lookUp: createLookUp(store, clock),
    lastUsed: createLastUsed(store, clock, logger),
    background: createBackground(logger),
    claims: createClaimsUnderWay(),
    turns: createTurns(),
  }
}

type Operation<Args extends unknown[], Answer> = (
  engine: Engine,
  realm: Realm,
  ...args: Args
) => MaybePromise<Answer>

/** Every capability, bound to an engine and its walls. */
function wall(engine: Engine, life: Life, realm: Realm) {
  const bind =
    <Args extends unknown[], Answer>(operation: Operation<Args, Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (!life.isOpen()) await life.ready()
      return operation(engine, realm, ...args)
    }
  return {
    keys: {
      create: bind(createKey),
      verify: bind(verifyKey),
      authenticate: bind(authenticateKey),
      get: bind(getKey),
      getByIdentifier: bind(getKeyByIdentifier),
      list: bind(listKeys),
      count: bind(countKeys),
      update: bind(updateKey),
      rotate: bind(rotateKey),
      revoke: bind(revokeKey),
      purge: bind(purgeKey),
      suspend: bind(suspendKey),
      reactivate: bind(reactivateKey),
      delete: bind(deleteKey),
      assignScopes: bind(assignScopes),
      removeScopes: bind(removeScopes),
      markUsed: bind(markUsed),
      generate: bind(generateKey),
      import: bind(importKey),
    },
    scopes: {
      create: bind(createScope),
      get: bind(getScope),
      list: bind(listScopes),
      update: bind(updateScope),
      delete: bind(deleteScope),
    },
    rotations: { list: bind(listRotations) },
    audit: { list: bind(listAudit), record: bind(recordAudit) },
  } satisfies { [Room in keyof WalledKeysmith]: Record<keyof WalledKeysmith[Room], unknown> }
}
