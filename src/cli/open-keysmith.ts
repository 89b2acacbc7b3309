import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { KeysmithError, UnavailableError } from '../core/errors.ts'
import type { Logger } from '../core/logger.ts'
import { createKeysmith } from '../create-keysmith.ts'
import type { KeysmithOptions } from '../engine/options.ts'
import type { Keysmith } from '../engine/surface.ts'
import type { SqliteStore } from '../store/sql/sqlite/back-up.ts'
import { sqlite } from '../store/sql/sqlite/sqlite.ts'
import { explain } from '../store/sql/sqlite/sqlite-errors.ts'
import { openHandle, type SqliteHandle } from '../store/sql/sqlite/sqlite-handle.ts'
import { hmacSha256 } from '../token/hmac-sha256.ts'
import { sqlitePath } from './settings/database-url.ts'
import type { Settings } from './settings/settings.ts'

/** The engine on the configured database, open and checked. @throws as `Keysmith.ready` */
export async function openKeysmith(settings: Settings, logger: Logger): Promise<Keysmith> {
  const path = databasePath(settings)
  if (isAbsent(path) && !settings.migrate) {
    throw new KeysmithError('schema_outdated', `There is no database at ${path}. Run "keysmith migrate".`)
  }
  const store = openStore(settings, settings)
  const keysmith = createKeysmith({ store, ...engineOptions(settings, logger) })
  await keysmith.ready()
  return keysmith
}

/**
 * The configured store, not open yet. Files that it makes are for the user of this process alone.
 *
 * @param migrate whether it is migrated when it is opened
 */
export function openStore(settings: Settings, { migrate }: { migrate: boolean }): SqliteStore {
  process.umask(0o077)
  return sqlite(databasePath(settings), { migrate })
}

/** The settings that are the engine's. */
export function engineOptions(settings: Settings, logger: Logger): KeysmithOptions {
  const { prefix, environment, defaultExpiry, gracePeriod, secretLength, peppers } = settings
  return {
    prefix,
    environment,
    defaultExpiry,
    gracePeriod,
    secretLength,
    defaultScopes: settings.defaultScopes,
    ...(settings.availableScopes && { availableScopes: settings.availableScopes }),
    ...(peppers.length > 0 && { hasher: hmacSha256(peppers) }),
    logger,
  }
}

/** The absolute path of the database, or `:memory:`. */
export function databasePath(settings: Settings): string {
  const path = sqlitePath(settings.databaseUrl)
  return path === ':memory:' ? path : resolve(path)
}

/** Whether the database is a file that does not exist yet. */
export function isAbsent(path: string): boolean {
  return path !== ':memory:' && !existsSync(path)
}

/**
 * Whether the database is there and was migrated once. Opening the store would make any file its own.
 *
 * @throws {KeysmithError} `driver_missing`, `unavailable`
 */
export function holdsKeysmith(path: string): boolean {
  if (path === ':memory:' || isAbsent(path)) return false
  let handle: SqliteHandle | undefined
  try {
    handle = openHandle(path)
    return handle.prepare("select 1 from sqlite_master where name = 'keysmith_migrations'").all().length > 0
  } catch (cause) {
    if (cause instanceof KeysmithError) throw cause
    throw new UnavailableError(explain(cause) ?? 'The database did not answer as it should.', { cause })
  } finally {
    handle?.close()
  }
}
