import type { Page } from '../core/page.ts'
import { tell } from './print.ts'
import type { Session } from './session.ts'
import { type Columns, table } from './table.ts'

/** Shows a page of a list, and how to get the next one. */
export function showPage<Item>(session: Session, page: Page<Item>, columns: Columns<Item>): void {
  session.show(page, () => table(page.items, columns))
  if (session.json) return
  if (page.items.length === 0) tell('Nothing found.')
  if (page.nextCursor) tell(`More follows: add --cursor ${page.nextCursor}`)
}
