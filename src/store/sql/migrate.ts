import { type Kysely, Migrator } from 'kysely'
import { KeysmithError } from '../../core/errors.ts'
import type { StoreFinding } from '../store.ts'
import { MIGRATIONS } from './migrations/migrations.ts'
import { COLUMNS, type Database } from './schema.ts'

const MIGRATION_TABLE = 'keysmith_migrations'
const LOCK_TABLE = 'keysmith_migrations_lock'

/**
 * Brings the database to the schema of this version. Safe to run again, and by several processes at once: one
 * migrates, the others wait. A database that a newer version has migrated is left as it is: migrations only add,
 * so both versions work on it.
 *
 * @returns the names of the migrations that were applied
 */
export async function migrate(db: Kysely<Database>): Promise<string[]> {
  if ((await pendingMigrations(db)).length === 0) return []
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: LOCK_TABLE,
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw error
  return results.map(({ migrationName }) => migrationName)
}

/** Migrations of this version that the database has not seen. */
async function pendingMigrations(db: Kysely<Database>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return Object.keys(MIGRATIONS)
  const applied = await db
    .withTables<{ [MIGRATION_TABLE]: { name: string } }>()
    .selectFrom(MIGRATION_TABLE)
    .select('name')
    .execute()
  const names = new Set(applied.map(({ name }) => name))
  return Object.keys(MIGRATIONS).filter((name) => !names.has(name))
}

/** What is wrong with the schema of a database. Columns of the user's own are no fault. */
export async function schemaFindings(db: Kysely<Database>): Promise<StoreFinding[]> {
  const pending = await pendingMigrations(db)
  if (pending.length > 0) {
    return [
      {
        id: 'store.migrations_pending',
        cause: `The database lacks ${pending.length} migration(s): ${pending.join(', ')}.`,
        fix: 'Run "keysmith migrate".',
      },
    ]
  }
  const tables = new Map((await db.introspection.getTables()).map((table) => [table.name, table]))
  return [...COLUMNS].flatMap(([table, expected]) => {
    const found = new Set(tables.get(table)?.columns.map(({ name }) => name))
    const missing = expected.filter((column) => !found.has(column))
    return missing.length === 0
      ? []
      : [
          {
            id: 'store.columns_missing',
            cause: `Table ${table} lacks: ${missing.join(', ')}.`,
            fix: 'The table was changed after it was migrated. Restore it from a backup, or add the columns as the migrations define them.',
          },
        ]
  })
}

/** @throws {KeysmithError} `schema_outdated` */
export async function assertMigrated(db: Kysely<Database>): Promise<void> {
  const pending = await pendingMigrations(db)
  if (pending.length === 0) return
  throw new KeysmithError(
    'schema_outdated',
    `The database lacks migrations: ${pending.join(', ')}. Run "keysmith migrate".`,
  )
}
