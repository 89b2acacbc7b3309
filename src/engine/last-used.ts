import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Store } from '../store/store.ts'

const FLUSH_INTERVAL_MS = 5_000
const FLUSH_SIZE = 10_000

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

  async function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (uses.size === 0) return
    const batch = uses
    uses = new Map()
    try {
      await store.markUsed([...batch].map(([keyId, at]) => ({ keyId, at })))
    } catch (error) {
      logger.warn({ err: error, keys: batch.size }, 'last uses could not be written; trying again')
      // Later uses win over the ones that come back; past the bound the oldest are let go.
      if (batch.size + uses.size <= FLUSH_SIZE * 2) uses = new Map([...batch, ...uses])
      arm()
    }
  }

  function arm(): void {
    timer ??= setTimeout(flush, FLUSH_INTERVAL_MS).unref()
  }

  return {
    note(keyId) {
      uses.set(keyId, clock())
      if (uses.size === FLUSH_SIZE) void flush()
      else arm()
    },
    forget: (keyId) => void uses.delete(keyId),
    flush,
    stop: () => clearTimeout(timer),
  }
}
