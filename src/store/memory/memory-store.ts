import type { Store } from '../store.ts'
import { keyMethods } from './memory-keys.ts'
import { recordMethods } from './memory-records.ts'
import type { MemoryState } from './memory-state.ts'

/**
 * Keeps keys in this process's memory, until it ends: for tests, and to try things out.
 *
 * Every method runs to its end before another begins, so each is atomic.
 */
export function memory(): Store {
  const state: MemoryState = {
    keys: new Map(),
    keyIdByIdentifier: new Map(),
    credentials: new Map(),
    keyIdByLookup: new Map(),
    claims: new Map(),
    scopes: new Map(),
    rotations: [],
    audit: [],
  }
  return {
    name: 'memory',
    open: () => undefined,
    close: () => undefined,
    ping: () => undefined,
    findings: () => [],
    ...keyMethods(state),
    ...recordMethods(state),
  }
}
