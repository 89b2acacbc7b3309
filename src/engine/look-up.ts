import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'
import type { MaybePromise } from '../core/maybe-promise.ts'
import type { KeyMatch, Store } from '../store/store.ts'

// Known-absent entries are bounded, so that a flood of made-up keys can't fill the memory, and short-lived, so
// that a key which another process imports under a known identifier works within seconds.
const MAX_ABSENT = 10_000
const ABSENT_TTL_MS = 5_000

/** Finds keys for verification: remembers what does not exist, and asks once for what is asked for twice at a time. */
export interface LookUp {
  find(lookup: string): MaybePromise<KeyMatch | undefined>
  /** To be called when a key appears: it is no longer known to be absent. */
  appeared(lookup: string): void
  /** To be called when a key has changed: no verification that begins now joins a read that began before. */
  changed(): void
}

export function createLookUp(store: Store, clock: Clock): LookUp {
  const absent = new LRUCache<string, true>({ max: MAX_ABSENT, ttl: ABSENT_TTL_MS, perf: { now: clock } })
  const underWay = new Map<string, Promise<KeyMatch | undefined>>()
  // A read that began before a key appeared must not mark it as absent afterwards.
  let generation = 0

  function remember(lookup: string, match: KeyMatch | undefined, asOf: number): KeyMatch | undefined {
    if (match === undefined && asOf === generation) absent.set(lookup, true)
    return match
  }

  return {
    find(lookup) {
      if (absent.has(lookup)) return undefined
      const waiting = underWay.get(lookup)
      if (waiting) return waiting
      const asOf = generation
      const found = store.find(lookup)
      if (!(found instanceof Promise)) return remember(lookup, found, asOf)
      const reading = found
        .then((match) => remember(lookup, match, asOf))
        .finally(() => underWay.get(lookup) === reading && underWay.delete(lookup))
      underWay.set(lookup, reading)
      return reading
    },
    appeared(lookup) {
      generation++
      absent.delete(lookup)
      underWay.delete(lookup)
    },
    changed: () => underWay.clear(),
  }
}
