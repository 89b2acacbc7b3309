import { createRequire } from 'node:module'
import { KeysmithError } from '../../../core/errors.ts'

/** What Keysmith calls of an open SQLite database: `node:sqlite`, `@photostructure/sqlite` and `better-sqlite3` fit. */
export interface SqliteHandle {
  exec(sql: string): unknown
  prepare(sql: string): SqliteStatement
  close(): unknown
}

export interface SqliteStatement {
  all(...parameters: never[]): unknown[]
  run(...parameters: never[]): { changes: number | bigint }
  /** Of better-sqlite3: whether the statement gives rows. */
  readonly reader?: boolean
  /** Of node:sqlite: the columns of the rows that the statement gives. */
  columns?(): unknown[]
}

interface SqliteModule {
  readonly DatabaseSync: new (path: string) => SqliteHandle
}

/** Opens a file with Node's own SQLite, or with the package that has the same API where Node has none. */
export function openHandle(path: string): SqliteHandle {
  const { DatabaseSync } = loadSqlite()
  return new DatabaseSync(path)
}

let loaded: SqliteModule | undefined

function loadSqlite(): SqliteModule {
  loaded ??= builtIn() ?? fromPackage()
  return loaded
}

// Built in without a flag from Node 22.13. Until it is called stable there, loading it prints a warning that says
// nothing to those who run Keysmith.
function builtIn(): SqliteModule | undefined {
  const { emitWarning } = process
  process.emitWarning = (warning, ...rest) => {
    if (!String(warning).includes('SQLite is an experimental feature')) {
      Reflect.apply(emitWarning, process, [warning, ...rest])
    }
  }
  try {
    return process.getBuiltinModule?.('node:sqlite') as SqliteModule | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function fromPackage(): SqliteModule {
  try {
    return createRequire(import.meta.url)('@photostructure/sqlite') as SqliteModule
  } catch (cause) {
    throw new KeysmithError(
      'driver_missing',
      'This version of Node has no SQLite. Run "npm install @photostructure/sqlite", or use Node 22.13 or later.',
      { cause },
    )
  }
}
