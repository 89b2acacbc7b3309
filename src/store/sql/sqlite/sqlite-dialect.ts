import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { SqliteConnections } from './sqlite-connections.ts'

/** Kysely on two connections of one SQLite file: reads outside of transactions never wait. */
export function sqliteDialect(connections: SqliteConnections): Dialect {
  return {
    createAdapter: () => new TransactionalDdlAdapter(),
    createDriver: () => new SqliteDriver(connections),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

// All migrations run in one `begin immediate`: that is the lock between processes, and a crash leaves nothing half done.
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class SqliteDriver implements Driver {
  readonly #connections: SqliteConnections

  constructor(connections: SqliteConnections) {
    this.#connections = connections
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#connections)
  }

  beginTransaction(connection: SqliteConnection): Promise<void> {
    return connection.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    connection.commit()
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.rollback()
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

/** What Kysely takes for a connection: reads with the reader until a transaction makes it the writer. */
class SqliteConnection implements DatabaseConnection {
  readonly #connections: SqliteConnections
  #release: (() => void) | undefined

  constructor(connections: SqliteConnections) {
    this.#connections = connections
  }

  async begin(): Promise<void> {
    this.#release = await this.#connections.begin()
  }

  commit(): void {
    this.#connections.writer.exec('commit')
    this.#endTurn()
  }

  rollback(): void {
    try {
      this.#connections.writer.exec('rollback')
    } catch {
      // SQLite has rolled back by itself: the disk was full, or failed. The error that led here is the one to tell.
    } finally {
      this.#endTurn()
    }
  }

  #endTurn(): void {
    this.#release?.()
    this.#release = undefined
  }

  async executeQuery<Row>({ query, sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#release) return run<Row>(this.#connections.writer, sql, parameters)
    if (SelectQueryNode.is(query)) return run<Row>(this.#connections.reader, sql, parameters)
    await this.begin()
    try {
      const result = run<Row>(this.#connections.writer, sql, parameters)
      this.commit()
      return result
    } catch (error) {
      this.rollback()
      throw error
    }
  }

  // biome-ignore lint/correctness/useYield: Keysmith streams nothing from SQLite
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streaming is not supported.')
  }
}

function run<Row>(
  statements: SqliteConnections['writer'],
  sql: string,
  parameters: readonly unknown[],
): QueryResult<Row> {
  const { rows, changes } = statements.execute(sql, parameters)
  return { rows: rows as Row[], numAffectedRows: changes }
}
