// Primary result codes (https://www.sqlite.org/rescode.html): the lowest byte of an extended code.
const BUSY = 5
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26
const READONLY = 8

const NAMES: Record<string, number> = {
  SQLITE_BUSY: BUSY,
  SQLITE_FULL: FULL,
  SQLITE_READONLY: READONLY,
  SQLITE_IOERR: IOERR,
  SQLITE_CORRUPT: CORRUPT,
  SQLITE_CANTOPEN: CANTOPEN,
  SQLITE_NOTADB: NOTADB,
}

/** The primary result code of a driver's error: a number with `node:sqlite`, a name with better-sqlite3. */
function resultCode(error: unknown): number | undefined {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  if (typeof errcode === 'number') return errcode & 0xff
  const name = Object.keys(NAMES).find((known) => typeof code === 'string' && code.startsWith(known))
  return name === undefined ? undefined : NAMES[name]
}

export const isBusy = (error: unknown) => resultCode(error) === BUSY

// Extended result codes of a row that exists already. A trigger of the user's that aborts, or a column of the user's
// that must not be null, is a constraint too, and no such thing.
const UNIQUE_VIOLATIONS: readonly unknown[] = [
  1555, // SQLITE_CONSTRAINT_PRIMARYKEY
  2067, // SQLITE_CONSTRAINT_UNIQUE
  'SQLITE_CONSTRAINT_PRIMARYKEY',
  'SQLITE_CONSTRAINT_UNIQUE',
]

/** Whether a row with this key exists already. */
export function isUniqueViolation(error: unknown): boolean {
  const { errcode, code } = error as { errcode?: unknown; code?: unknown }
  return UNIQUE_VIOLATIONS.includes(errcode) || UNIQUE_VIOLATIONS.includes(code)
}

const EXPLANATIONS: Record<number, string> = {
  [BUSY]: 'Another process holds the lock of the SQLite database. End its transaction, or try again.',
  [FULL]: 'The disk of the SQLite database is full.',
  [READONLY]: 'The SQLite database can not be written. Check the permissions of its file and folder.',
  [IOERR]: 'The disk of the SQLite database failed to read or write.',
  [CORRUPT]: 'The SQLite database is damaged. Restore a backup.',
  [CANTOPEN]: 'The SQLite database can not be opened. Check that its folder exists and can be written.',
  [NOTADB]: 'The file is not an SQLite database. Check the path.',
}

/** What the user can do about an error. */
export function explain(error: unknown): string | undefined {
  return EXPLANATIONS[resultCode(error) ?? -1]
}
