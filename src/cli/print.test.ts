import { expect, it } from 'vitest'
import { nativeFormat } from '../token/native-format.ts'
import { printable, withoutRawKeys } from './print.ts'
import { details, table } from './table.ts'

it('cuts raw keys in a text down to their identifiers', () => {
  const { rawKey, identifier } = nativeFormat().issue({ prefix: 'sk_a', environment: 'live' })
  expect(withoutRawKeys(`unknown option '--key=${rawKey}'`)).toBe(`unknown option '--key=${identifier}_…'`)
  expect(withoutRawKeys(identifier)).toBe(identifier)
})

it('shows control characters instead of sending them to the terminal', () => {
  expect(printable('a\u001b[31mb\nc\u009b')).toBe('a\\x1b[31mb↵c\\x9b')
  expect(details({ text: '\u001b]0;title\u0007' }, { text: (row) => row.text })).not.toContain('\u001b')
})

it('aligns columns', () => {
  const rows = [
    { name: 'a', scopes: ['read', 'write'] },
    { name: 'long name', scopes: [] },
  ]
  const columns = { name: (row: (typeof rows)[0]) => row.name, scopes: (row: (typeof rows)[0]) => row.scopes }
  expect(table(rows, columns)).toBe('NAME       SCOPES\na          read,write\nlong name  -')
})
