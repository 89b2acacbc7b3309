import { LRUCache } from 'lru-cache'
import type { Clock } from '../core/clock.ts'
import { isPromise, type MaybePromise } from '../core/maybe-promise.ts'
import type { KeyMatch, Store } from '../store/store.ts'

// What was found, and what is known to be absent, are bounded apart: a flood of made-up keys can't push out real ones.
const MAX_FOUND = 10_000
const MAX_ABSENT = 10_000
// Only for stores that can't tell that they changed: a key that another process imports under an identifier that was
// tried before works this much later at the latest.
const ABSENT_TTL_MS = 5_000

/**
 * Finds keys for verification, asking the store no more than it must: what is asked for twice at a time is asked
 * once, what does not exist is remembered, and so is what does, as long as the store says that nothing has changed.
 */
export interface LookUp {
  find(lookup: string): MaybePromise<KeyMatch | undefined>
  /** To be called when a key has appeared or changed: nothing from before is given out, or joined, from now on. */
  changed(): void
}

export function createLookUp(store: Store, clock: Clock): LookUp {
  const found = new LRUCache<string, KeyMatch>({ max: MAX_FOUND })
  const absent = new LRUCache<string, number>({ max: MAX_ABSENT }) // until when
  const underWay = new Map<string, Promise<KeyMatch | undefined>>()
  // A read that began before a change must not be remembered after it.
  let generation = 0
  let stamp: number | undefined

  function changed(): void {
    generation++
    found.clear()
    absent.clear()
    underWay.clear()
  }

  function remember(lookup: string, match: KeyMatch | undefined, asOf: number): KeyMatch | undefined {
    if (asOf !== generation) return match
    if (!match) absent.set(lookup, clock() + ABSENT_TTL_MS)
    else if (stamp !== undefined) found.set(lookup, match)
    return match
  }

  function ask(lookup: string): MaybePromise<KeyMatch | undefined> {
    const asOf = generation
    const answer = store.find(lookup)
    if (!isPromise(answer)) return remember(lookup, answer, asOf)
    const reading = Promise.resolve(answer)
      .then((match) => remember(lookup, match, asOf))
      .finally(() => underWay.get(lookup) === reading && underWay.delete(lookup))
    underWay.set(lookup, reading)
    return reading
  }

  return {
    find(lookup) {
      const now = store.changeStamp?.()
      if (now !== stamp) {
        changed()
        stamp = now
      }
      const known = found.get(lookup)
      if (known || (absent.get(lookup) ?? 0) > clock()) return known
      return underWay.get(lookup) ?? ask(lookup)
    },
    changed,
  }
}
