import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readSourceTypes } from './source-types.ts'

const PAGE = 'docs/reference/events.md'
const SOURCE = 'src/engine/events.ts'

it(`${PAGE} has every event of the engine, and no other`, () => {
  const documented = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `([a-z_.]+)` \|/gm)].map(([, name]) => name)
  const emitted = readSourceTypes([SOURCE]).propertiesOf(SOURCE, 'KeysmithEvents')
  expect(documented.sort(), `${PAGE} and KeysmithEvents (${SOURCE}) differ`).toEqual(emitted.sort())
})
