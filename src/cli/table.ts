import { printable } from './print.ts'

/** What a row shows in each column. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => unknown>>

const GAP = '  '

/** Rows in aligned columns under their names. */
export function table<Row>(rows: readonly Row[], columns: Columns<Row>): string {
  const lines = [
    Object.keys(columns).map((name) => name.toUpperCase()),
    ...rows.map((row) => Object.values(columns).map((show) => cell(show(row)))),
  ]
  const widths = Object.keys(columns).map((_name, at) => Math.max(...lines.map((line) => width(line[at]))))
  return lines.map((line) => align(line, widths)).join('\n')
}

/** One row, a line for each column. */
export function details<Row>(row: Row, columns: Columns<Row>): string {
  const names = Object.keys(columns)
  const widest = Math.max(...names.map(width))
  return Object.entries(columns)
    .map(([name, show]) => align([name, cell(show(row))], [widest]))
    .join('\n')
}

function align(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((text, at) => text + ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(text))))
    .join(GAP)
    .trimEnd()
}

// Code points, not UTF-16 units. Wide letters of East Asia take two places: such rows are out of line, not wrong.
const width = (text = '') => [...text].length

function cell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-'
  if (value instanceof Date) return value.toISOString().replace(/\.\d+/, '')
  if (Array.isArray(value)) return value.length === 0 ? '-' : printable(value.join(','))
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value))
}
