import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Store } from '../store/store.ts'

const FLUSH_INTERVAL_MS = 5_000
const FLUSH_SIZE = 10_000
const MAX_WAITING = 100_000
// A transaction of the store: SQLite writes this many in some milliseconds, and requests are answered in between.
const BATCH_SIZE = 250

/**
 * Remembers when keys were used, and writes it in batches: verification never waits for a write. Several uses of
 * one key are one entry. A crash loses the last few seconds of it; `flush` on close loses nothing.
 */
export interface LastUsed {
  note(keyId: string): void
  /** Forgets what was not written yet: the key was rotated. */
  forget(keyId: string): void
  flush(): Promise<void>
  stop(): void
}

export function createLastUsed(store: Store, clock: Clock, logger: Logger): LastUsed {
  let uses = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let failing = false

  // One at a time: when the store is slower than the uses come, they wait in one map and not in a line of batches.
  function write(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = undefined
    })
    return writing
  }

  async function writeAll(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const taken = [...uses]
    uses = new Map()
    let written = 0
    try {
      while (written < taken.length) {
        const batch = taken.slice(written, written + BATCH_SIZE)
        await store.markUsed(batch.map(([keyId, at]) => ({ keyId, at })))
        written += BATCH_SIZE
        await nextTurn()
      }
      failing = false
    } catch (error) {
      failing = true
      keep(taken.slice(written), error)
      arm()
    }
  }

  // Uses since then win over the ones that come back; past the bound the oldest are let go, and counted.
  function keep(left: readonly [string, number][], error: unknown): void {
    const all = [...new Map([...left, ...uses])]
    const kept = all.slice(-MAX_WAITING)
    uses = new Map(kept)
    const fields = { err: error, waiting: kept.length, dropped: all.length - kept.length }
    logger.warn(fields, 'last uses could not be written; trying again in 5 seconds')
  }

  function arm(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      void write()
    }, FLUSH_INTERVAL_MS).unref()
  }

  return {
    note(keyId) {
      uses.set(keyId, clock())
      if (uses.size < FLUSH_SIZE || writing || failing) arm()
      else void write()
    },
    forget: (keyId) => void uses.delete(keyId),
    async flush() {
      await writing
      if (uses.size > 0) await write()
    },
    stop: () => clearTimeout(timer),
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
