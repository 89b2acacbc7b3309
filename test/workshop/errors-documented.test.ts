import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { PROBLEMS } from '../../src/server/problem.ts'

const PAGE = 'docs/reference/errors.md'
// A row: | `code` | 404 | meaning | what to do |
const ROW = /^\| `([a-z_]+)` \| (\d{3}) \| (.+?) \| (.+?) \|$/gm

describe(PAGE, () => {
  const rows = [...readFileSync(PAGE, 'utf8').matchAll(ROW)]
  const documented = rows.map(([, code, status]): [string, number] => [code ?? '', Number(status)])

  it('has every error code, with the status that it is answered with, and no other', () => {
    const answered = Object.entries(PROBLEMS).map(([code, [status]]): [string, number] => [code, status])
    expect(documented.sort(), `${PAGE} and PROBLEMS (src/server/problem.ts) differ`).toEqual(answered.sort())
  })

  it('has each code once', () => {
    expect(new Set(documented.map(([code]) => code)).size).toBe(documented.length)
  })
})
