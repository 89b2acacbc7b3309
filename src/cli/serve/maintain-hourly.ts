import type { Logger } from '../../core/logger.ts'
import type { Keysmith } from '../../engine/surface.ts'

const HOUR_MS = 3_600_000

/** Tidies up every hour; a failure is logged, and the next hour tries again. Returns a function that stops it. */
export function maintainHourly(keysmith: Keysmith, logger: Logger): () => void {
  const timer = setInterval(() => {
    keysmith.maintain().catch((error: unknown) => logger.error({ err: error }, 'maintenance failed'))
  }, HOUR_MS).unref()
  return () => clearInterval(timer)
}
