import type { Dialect, Expression, SqlBool } from 'kysely'
import type { MaybePromise } from '../../core/maybe-promise.ts'

/** One database, as the SQL store uses it: connections, and what it does in a way of its own. */
export interface SqlBackend {
  readonly name: string
  /** Migrates when it is opened. */
  readonly migrateOnOpen: boolean
  readonly dialect: Dialect
  readonly capabilities: SqlCapabilities
  /** Connects, unless it is connected. */
  open(): MaybePromise<void>
  /** Ends what `open` began. */
  close(): MaybePromise<void>
  /**
   * A statement for the verify path: prepared once, run without the query builder.
   *
   * @returns runs it, and gives its rows
   */
  prepare(sql: string): (parameters: readonly unknown[]) => MaybePromise<readonly unknown[]>
  /** As `Store.changeStamp`; undefined where the database can't tell. */
  readonly changeStamp: (() => number) | undefined
  /** A sentence for people when an error of the driver's has a cause that they can mend. */
  explain(error: unknown): string | undefined
}

/** What differs between databases. A difference is a line here, never an `if` elsewhere. */
export interface SqlCapabilities {
  /** Whether an error says that a row with this key exists already. */
  isUniqueViolation(error: unknown): boolean
  /** Whether a text holds another one, byte by byte. */
  contains(text: Expression<string>, part: string): Expression<SqlBool>
}
