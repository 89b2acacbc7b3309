import { pino } from 'pino'
import { parseDuration } from '../../core/durations.ts'
import { createServer } from '../../server/server.ts'
import { openKeysmith } from '../open-keysmith.ts'
import { print } from '../print.ts'
import type { Settings } from '../settings/settings.ts'
import { banner, rootKeyNotice, rootlessNotice } from './banner.ts'
import { createFirstRootKey } from './first-root-key.ts'
import { listen } from './listen.ts'
import { maintainHourly } from './maintain-hourly.ts'
import { nextSignal } from './next-signal.ts'
import { standardError } from './standard-error.ts'

/**
 * Serves until a signal comes: then takes no more requests, answers those under way, writes what waits to be
 * written, and returns. A second signal ends the process at once.
 */
export async function serve(settings: Settings): Promise<void> {
  const logger = pino({ level: settings.logLevel }, standardError)
  const keysmith = await openKeysmith(settings, logger)
  try {
    const server = await createServer({
      keysmith,
      logger,
      rootKey: settings.rootKey ?? undefined,
      requestTimeout: parseDuration(settings.requestTimeout),
    })
    try {
      // Signals are heard before anyone is told that the server is there.
      const stopped = nextSignal()
      // Listening comes before the root key: a start that fails for its port must not use up the one showing.
      const origin = await listen(server, settings)
      const rootKey = settings.rootKey === null ? await createFirstRootKey(keysmith) : undefined
      const notice = rootKey === undefined ? await rootlessNotice(keysmith, settings) : rootKeyNotice(rootKey)
      print(banner(origin, settings) + notice)
      logger.info({ origin }, 'listening')
      const stopMaintaining = maintainHourly(keysmith, logger)
      logger.info({ signal: await stopped }, 'stopping')
      stopMaintaining()
    } finally {
      await server.close()
    }
  } finally {
    await keysmith.close()
  }
}
