import { hash } from 'node:crypto'
import type { Caller } from '../core/audit.ts'
import { KeysmithError } from '../core/errors.ts'
import type { Realm } from '../core/realm.ts'
import type { IdempotencyClaim } from '../store/store.ts'

/** How long a claim is remembered: 24 hours, as the field does. */
export const CLAIM_LIFETIME_MS = 24 * 3_600_000

const TOKEN = /^[\x21-\x7e]{1,255}$/

/** Reads what a caller means to be one request. @throws {KeysmithError} `invalid_request` for a token that is none */
export function toClaim(
  token: string,
  input: unknown,
  realm: Realm,
  caller: Caller,
  now: number,
): IdempotencyClaim {
  if (!TOKEN.test(token)) {
    throw new KeysmithError(
      'invalid_request',
      'Idempotency-Key: use 1 to 255 printable ASCII characters, such as a UUID.',
    )
  }
  // A digest, since it has to fit a column however long its parts are. The walls are a part: tenants that happen to
  // use one token have nothing to do with each other.
  const { tenantId, appId } = realm
  const claimant = hash(
    'sha256',
    JSON.stringify([tenantId, appId, caller.actor?.type, caller.actor?.id]),
    'hex',
  )
  const fingerprint = hash('sha256', canonicalJson(input), 'hex')
  return { claimant, token, fingerprint, createdAt: now, expiredBefore: now - CLAIM_LIFETIME_MS }
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  )
}

/** Keeps two requests with one claim from running at the same time in this process. */
export interface ClaimsUnderWay {
  /** @throws {KeysmithError} `idempotency_in_progress` while another one runs */
  exclusively<T>(claim: IdempotencyClaim, work: () => Promise<T>): Promise<T>
}

export function createClaimsUnderWay(): ClaimsUnderWay {
  const underWay = new Set<string>()
  return {
    async exclusively(claim, work) {
      const name = `${claim.claimant} ${claim.token}`
      if (underWay.has(name)) {
        throw new KeysmithError(
          'idempotency_in_progress',
          'A request with this Idempotency-Key is under way. Wait for its answer.',
          { retryAfter: 1 },
        )
      }
      underWay.add(name)
      try {
        return await work()
      } finally {
        underWay.delete(name)
      }
    },
  }
}
