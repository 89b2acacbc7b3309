import { crc32 } from 'node:zlib'
import { KeysmithError } from './errors.ts'

export const MAX_PAGE = 100
export const DEFAULT_PAGE = 50

/** Where a page starts: after this row, in order of creation, the newest first. */
export interface Position {
  readonly createdAt: number
  readonly id: string
}

/** Rows to read: after a position or an offset. Stores get one row more than the page, to know if another follows. */
export interface PageQuery {
  readonly limit: number
  readonly offset: number
  readonly after: Position | undefined
}

/** A page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** Pass it as `cursor` to get the page after this one; null on the last. */
  readonly nextCursor: string | null
}

export interface PageInput {
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  readonly cursor?: string | undefined
}

/** Reads the wanted page. @throws {KeysmithError} `invalid_request` for a cursor that this list did not give */
export function toPageQuery(input: PageInput, list: string): PageQuery {
  const after = input.cursor === undefined ? undefined : readCursor(input.cursor, list)
  if (after && input.offset)
    throw new KeysmithError('invalid_request', 'Give a cursor or an offset, not both.')
  return { limit: (input.limit ?? DEFAULT_PAGE) + 1, offset: input.offset ?? 0, after }
}

/** Makes a page of the rows that {@link toPageQuery} asked for. */
export function toPage<Row extends Position, Item>(
  rows: readonly Row[],
  query: PageQuery,
  list: string,
  show: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, query.limit - 1)
  const last = shown.at(-1)
  const more = rows.length === query.limit && last !== undefined
  return { items: shown.map(show), nextCursor: more ? writeCursor(last, list) : null }
}

// The checksum covers the list and its filters too: a cursor that was edited, cut or taken to another list is
// an error, not a page from somewhere else. It is no secret and guards nothing: the walls do.
function writeCursor({ createdAt, id }: Position, list: string): string {
  return Buffer.from(`${createdAt} ${id} ${crc32(`${createdAt} ${id} ${list}`)}`).toString('base64url')
}

function readCursor(cursor: string, list: string): Position {
  const [time = '', id = ''] = Buffer.from(cursor, 'base64url').toString().split(' ')
  const position = { createdAt: Number(time), id }
  if (writeCursor(position, list) === cursor) return position
  throw new KeysmithError(
    'invalid_request',
    'The cursor is not one that this list gave. Start again without it, with the same filters.',
  )
}
