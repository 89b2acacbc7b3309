import { denialError } from '../core/errors.ts'
import { whenReady } from '../core/maybe-promise.ts'
import type { Realm } from '../core/realm.ts'
import type { ValidResult, VerifyRequest } from '../core/verification.ts'
import type { Engine } from './engine.ts'
import { verifyKey } from './verify-key.ts'

/** As verify, for those who like a denial to be thrown: one typed error for each code. */
export function authenticateKey(engine: Engine, realm: Realm, rawKey: string, request?: VerifyRequest) {
  return whenReady(verifyKey(engine, realm, rawKey, request), (result): ValidResult => {
    if (result.valid) return result
    throw denialError(result.code)
  })
}
