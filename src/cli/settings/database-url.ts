import { malformed } from './notations.ts'
import type { Notation } from './setting.ts'

const WRITE =
  'Write "sqlite:keysmith.db" (a path from the working folder), "sqlite:///var/lib/keysmith.db" (an absolute path) or "sqlite::memory:".'
const OTHER_DATABASES = /^(postgres|postgresql|mysql|mariadb):/i

/** Where the keys are kept. A URL of another database can hold a password, so it is never printed. */
export const databaseUrl: Notation<string> = {
  fromText: (url) => url,
  parse(json) {
    if (typeof json !== 'string') throw malformed(WRITE)
    sqlitePath(json)
    return json
  },
}

/** The path of the SQLite file, or `:memory:`. @throws {KeysmithError} `invalid_request` that says what to write */
export function sqlitePath(url: string): string {
  if (OTHER_DATABASES.test(url)) {
    throw malformed(
      `This version keeps keys in SQLite only; PostgreSQL and MySQL come with a later one. ${WRITE} KEYSMITH_DATABASE_URL wins over a DATABASE_URL that is another program's.`,
    )
  }
  const path = /^sqlite:(?:\/\/(?=\/))?([^?#\0]+)$/.exec(url)?.[1]
  if (path === undefined || path.startsWith('//')) throw malformed(WRITE)
  return path
}
