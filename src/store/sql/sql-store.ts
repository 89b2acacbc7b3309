import { Kysely } from 'kysely'
import { KeysmithError, UnavailableError } from '../../core/errors.ts'
import { isPromise } from '../../core/maybe-promise.ts'
import type { Store } from '../store.ts'
import type { SqlBackend } from './backend.ts'
import { assertMigrated, migrate, schemaFindings } from './migrate.ts'
import type { Database } from './schema.ts'
import type { SqlContext } from './sql-context.ts'
import { keyReads } from './sql-key-reads.ts'
import { keyWrites } from './sql-key-writes.ts'
import { recordMethods } from './sql-records.ts'

/** A store on a SQL database, which can also be migrated by hand. */
export interface SqlStore extends Store {
  /** Brings the database to the schema of this version. @returns the migrations that were applied */
  migrate(): Promise<string[]>
}

/** The one SQL store, over any backend. */
export function sqlStore(backend: SqlBackend): SqlStore {
  const db = new Kysely<Database>({ dialect: backend.dialect })
  const context: SqlContext = { db, backend }
  const lifecycle = {
    async open() {
      await backend.open()
      if (backend.migrateOnOpen) await migrate(db)
      else await assertMigrated(db)
    },
    async migrate() {
      await backend.open()
      return migrate(db)
    },
    async close() {
      await db.destroy()
      await backend.close()
    },
    async ping() {
      await db.selectFrom('keysmith_keys').select('id').limit(1).execute()
    },
    findings: () => schemaFindings(db),
  }
  const stamp = backend.changeStamp && { changeStamp: backend.changeStamp }
  const methods = {
    ...lifecycle,
    ...stamp,
    ...keyReads(context),
    ...keyWrites(context),
    ...recordMethods(context),
  }
  return { name: backend.name, ...guarded(backend, methods) }
}

/** Makes every failure of the database one that says so: never an empty answer, never a driver's own error. */
function guarded<Methods extends object>(backend: SqlBackend, methods: Methods): Methods {
  const fail = (error: unknown): never => {
    if (error instanceof KeysmithError) throw error
    const explanation = backend.explain(error) ?? 'The database did not answer as it should.'
    throw new UnavailableError(explanation, { cause: error })
  }
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]: [string, (...args: unknown[]) => unknown]) => [
      name,
      (...args: unknown[]) => {
        try {
          const answer = method(...args)
          return isPromise(answer) ? answer.catch(fail) : answer
        } catch (error) {
          return fail(error)
        }
      },
    ]),
  ) as Methods
}
