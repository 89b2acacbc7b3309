import type { Kysely } from 'kysely'
import type { SqlBackend } from './backend.ts'
import type { Database } from './schema.ts'

/** What the parts of the SQL store work with. */
export interface SqlContext {
  readonly db: Kysely<Database>
  readonly backend: SqlBackend
}
