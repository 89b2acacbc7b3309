import { setImmediate as breathe } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Store } from '../store/store.ts'

const FLUSH_INTERVAL_MS = 5_000
const FLUSH_SIZE = 10_000
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
    const taken = [...uses].map(([keyId, at]) => ({ keyId, at }))
    uses = new Map()
    let written = 0
    try {
      while (written < taken.length) {
        await store.markUsed(taken.slice(written, written + BATCH_SIZE))
        written += BATCH_SIZE
        await breathe()
      }
    } catch (error) {
      const left = taken.slice(written)
      logger.warn({ err: error, keys: left.length }, 'last uses could not be written; trying again')
      // Later uses win over the ones that come back; past the bound the oldest are let go.
      if (left.length + uses.size <= FLUSH_SIZE * 2) {
        uses = new Map([...left.map(({ keyId, at }) => [keyId, at] as const), ...uses])
      }
      arm()
    }
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
      if (uses.size >= FLUSH_SIZE && !writing) void write()
      else arm()
    },
    forget: (keyId) => void uses.delete(keyId),
    async flush() {
      await writing
      if (uses.size > 0) await write()
    },
    stop: () => clearTimeout(timer),
  }
}
