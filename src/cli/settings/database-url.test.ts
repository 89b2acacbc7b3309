import { expect, it } from 'vitest'
import { sqlitePath } from './database-url.ts'

it.each([
  ['sqlite:keysmith.db', 'keysmith.db'],
  ['sqlite:./data/keys.db', './data/keys.db'],
  ['sqlite:/var/lib/keysmith.db', '/var/lib/keysmith.db'],
  ['sqlite:///var/lib/keysmith.db', '/var/lib/keysmith.db'],
  ['sqlite::memory:', ':memory:'],
])('%s names %s', (url, path) => {
  expect(sqlitePath(url)).toBe(path)
})
