import { destination, pino } from 'pino'
import { parseDuration } from '../../core/durations.ts'
import { createKeysmith } from '../../create-keysmith.ts'
import { createServer } from '../../server/server.ts'
import { engineOptions, openKeysmith, openStore } from '../open-keysmith.ts'
import { print } from '../print.ts'
import type { Settings } from '../settings/settings.ts'
import { banner, rootKeyNotice } from './banner.ts'
import { createFirstRootKey } from './first-root-key.ts'
import { listen } from './listen.ts'
import { maintainHourly } from './maintain-hourly.ts'
import { nextSignal } from './next-signal.ts'

/**
 * Serves until a signal comes: then takes no more requests, answers those under way, writes what waits to be
 * written, and returns. A second signal ends the process at once.
 */
export async function serve(settings: Settings): Promise<void> {
  const STANDARD_ERROR = 2
  const logger = pino({ level: settings.logLevel }, destination(STANDARD_ERROR))
  const store = openStore(settings, settings)
  const keysmith = await openKeysmith(settings, logger, store)
  // Over the same store, so there is nothing more to close.
  const unbounded = () =>
    createKeysmith({ store, ...engineOptions({ ...settings, availableScopes: null }, logger) })
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
      const rootKey = settings.rootKey === null ? await createFirstRootKey(unbounded()) : undefined
      print(banner(origin, settings) + (rootKey === undefined ? '' : rootKeyNotice(rootKey)))
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
