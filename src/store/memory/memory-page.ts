import type { PageQuery, Position } from '../../core/page.ts'

/** The rows of a page: by creation, the newest first. */
export function pageOf<Row extends Position>(
  rows: readonly Row[],
  { limit, offset, after }: PageQuery,
): Row[] {
  const sorted = [...rows].sort(
    (left, right) => right.createdAt - left.createdAt || (left.id < right.id ? 1 : -1),
  )
  const rest = after ? sorted.filter((row) => isAfter(row, after)) : sorted
  return rest.slice(offset, offset + limit)
}

function isAfter(row: Position, after: Position): boolean {
  return row.createdAt < after.createdAt || (row.createdAt === after.createdAt && row.id < after.id)
}
