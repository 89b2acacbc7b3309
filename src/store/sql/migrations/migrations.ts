import type { Migration } from 'kysely'
import { first } from './0001-first.ts'

/** All migrations by name, in order. A migration that was released is never changed: add another. */
export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first': first,
}
