import { LRUCache } from 'lru-cache'
import type { SqliteHandle, SqliteStatement } from './sqlite-handle.ts'

interface Prepared {
  readonly statement: SqliteStatement
  readonly givesRows: boolean
}

export interface Execution {
  readonly rows: unknown[]
  readonly changes: bigint
}

// Lists with many filters make many statements; the rest are a few dozen.
const MAX_PREPARED = 256

/** Runs statements on a handle, each prepared once: preparing costs more than running. */
export class Statements {
  readonly #handle: SqliteHandle
  readonly #prepared = new LRUCache<string, Prepared>({ max: MAX_PREPARED })

  constructor(handle: SqliteHandle) {
    this.#handle = handle
  }

  exec(sql: string): void {
    this.#handle.exec(sql)
  }

  execute(sql: string, parameters: readonly unknown[]): Execution {
    const { statement, givesRows } = this.#prepare(sql)
    if (givesRows) return { rows: statement.all(...(parameters as never[])), changes: 0n }
    return { rows: [], changes: BigInt(statement.run(...(parameters as never[])).changes) }
  }

  /** A statement that gives rows, for those who run it again and again. */
  query(sql: string): (parameters: readonly unknown[]) => unknown[] {
    const { statement } = this.#prepare(sql)
    return (parameters) => statement.all(...(parameters as never[]))
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql)
    if (known) return known
    const statement = this.#handle.prepare(sql)
    const prepared = { statement, givesRows: statement.reader ?? (statement.columns?.().length ?? 0) > 0 }
    this.#prepared.set(sql, prepared)
    return prepared
  }
}
