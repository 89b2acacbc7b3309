import { describe, expect, it } from 'vitest'
import { aKey } from '../testing/contract-records.ts'
import { isKeysmithError } from './errors.ts'
import type { StoredKeyState } from './key.ts'
import { assertNotEnded, needsTransition } from './transitions.ts'

const STATES: StoredKeyState[] = ['active', 'suspended', 'revoked', 'purged']
const ALLOWED = [
  'active→suspended',
  'active→revoked',
  'active→purged',
  'suspended→active',
  'suspended→revoked',
  'suspended→purged',
  'revoked→purged',
]

describe('a change of state', () => {
  const pairs = STATES.flatMap((from) => STATES.map((to) => [from, to] as const))

  it.each(pairs)('%s → %s', (from, to) => {
    const key = aKey({ state: from })
    if (from === to) {
      expect(needsTransition(key, to), 'a retried call succeeds').toBe(false)
    } else if (ALLOWED.includes(`${from}→${to}`)) {
      expect(needsTransition(key, to)).toBe(true)
    } else {
      expect(() => needsTransition(key, to)).toThrow(`A ${from} key can't be`)
    }
  })

  it('that is impossible says what to do', () => {
    try {
      needsTransition(aKey({ state: 'revoked' }), 'active')
    } catch (error) {
      expect(isKeysmithError(error, 'invalid_transition')).toBe(true)
      expect(String(error)).toContain('create a new key')
      return
    }
    expect.unreachable()
  })
})

it.each(STATES)('a key whose life is over can not be changed: %s', (state) => {
  const change = () => assertNotEnded(aKey({ state }), 'changed')
  if (state === 'revoked' || state === 'purged') expect(change).toThrow(`A ${state} key can't be changed`)
  else expect(change).not.toThrow()
})
