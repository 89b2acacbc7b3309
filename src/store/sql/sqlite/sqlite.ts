import { sql } from 'kysely'
import { KeysmithError } from '../../../core/errors.ts'
import { sqlStore } from '../sql-store.ts'
import { backUp, type SqliteStore } from './back-up.ts'
import { SqliteConnections, type SqliteOptions } from './sqlite-connections.ts'
import { sqliteDialect } from './sqlite-dialect.ts'
import { explain, isUniqueViolation } from './sqlite-errors.ts'
import type { SqliteHandle } from './sqlite-handle.ts'

export interface SqliteStoreOptions extends SqliteOptions {
  /** Whether to migrate the database when it is opened; true by default. */
  readonly migrate?: boolean
}

/**
 * Keeps keys in an SQLite file, which several processes of one machine can share. Every change is on the disk
 * before it is acknowledged (WAL, `synchronous=FULL`).
 *
 * @param database path of the file, `:memory:`, or an open database of `node:sqlite` or better-sqlite3. A handle
 *   is put into WAL mode and used for reads and writes; give one that nothing else uses.
 * @throws {KeysmithError} `driver_missing` when first used, on Node before 22.13 without `@photostructure/sqlite`
 * @example const keysmith = createKeysmith({ store: sqlite('keysmith.db') })
 */
export function sqlite(database: string | SqliteHandle, options: SqliteStoreOptions = {}): SqliteStore {
  if (database === '') throw new KeysmithError('invalid_configuration', 'Give the path of the SQLite file.')
  const connections = new SqliteConnections(database, options)
  const store = sqlStore({
    name: 'sqlite',
    migrateOnOpen: options.migrate ?? true,
    dialect: sqliteDialect(connections),
    capabilities: {
      isUniqueViolation,
      contains: (text, part) => sql`instr(${text}, ${part}) > 0`,
    },
    open: () => connections.open(),
    close: () => connections.close(),
    prepare: (statement) => connections.reader.query(statement),
    changeStamp: connections.hasReader ? () => connections.dataVersion() : undefined,
    explain,
  })
  return { ...store, backup: (path) => backUp(connections, path) }
}
