import { KeysmithError } from './errors.ts'
import type { KeyRecord, StoredKeyState } from './key.ts'

/** Where each state can go. `revoked` and `purged` are terminal: neither ever verifies again. */
const NEXT: Record<StoredKeyState, readonly StoredKeyState[]> = {
  active: ['suspended', 'revoked', 'purged'],
  suspended: ['active', 'revoked', 'purged'],
  revoked: ['purged'],
  purged: [],
}

const VERB: Record<StoredKeyState, string> = {
  active: 'reactivated',
  suspended: 'suspended',
  revoked: 'revoked',
  purged: 'purged',
}

/**
 * Whether a key has to change to be in a state: false when it is there already, so that a retried call succeeds
 * and changes nothing.
 *
 * @throws {KeysmithError} `invalid_transition` when there is no way from its state to the wanted one
 */
export function needsTransition(record: KeyRecord, to: StoredKeyState): boolean {
  if (record.state === to) return false
  if (!NEXT[record.state].includes(to)) {
    throw invalidTransition(`A ${record.state} key can't be ${VERB[to]}. ${advice(record.state)}`)
  }
  return true
}

/**
 * Refuses to change a key whose life is over.
 *
 * @throws {KeysmithError} `invalid_transition` when the key is revoked or purged
 */
export function assertNotEnded(record: KeyRecord, verb: string): void {
  if (record.state === 'revoked' || record.state === 'purged') {
    throw invalidTransition(`A ${record.state} key can't be ${verb}. ${advice(record.state)}`)
  }
}

export function invalidTransition(message: string): KeysmithError {
  return new KeysmithError('invalid_transition', message)
}

function advice(state: StoredKeyState): string {
  if (state === 'purged') return 'It is retired for good; create a new key.'
  if (state === 'revoked') return 'Revocation is final; create a new key.'
  return 'Get the key to see its state.'
}
