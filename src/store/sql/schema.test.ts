import { expect, it } from 'vitest'
import { COLUMNS } from './schema.ts'
import { sqlite } from './sqlite/sqlite.ts'
import { openHandle } from './sqlite/sqlite-handle.ts'

/** Tables and their columns, as a database has them. */
async function migrated(): Promise<Map<string, string[]>> {
  const handle = openHandle(':memory:')
  await sqlite(handle).migrate()
  const rows = handle
    .prepare(
      `select t.name as "table", c.name as "column" from sqlite_master t, pragma_table_info(t.name) c
       where t.type = 'table' and t.name not like 'sqlite_%' and t.name not like 'keysmith_migrations%'`,
    )
    .all() as { table: string; column: string }[]
  handle.close()
  const tables = new Map<string, string[]>()
  for (const { table, column } of rows) tables.set(table, [...(tables.get(table) ?? []), column])
  return tables
}

const sorted = (columns: ReadonlyMap<string, readonly string[]>) =>
  Object.fromEntries([...columns].map(([table, names]) => [table, [...names].sort()]))

it('the migrations make exactly the columns that the code expects', async () => {
  expect(sorted(await migrated())).toEqual(sorted(COLUMNS))
})
