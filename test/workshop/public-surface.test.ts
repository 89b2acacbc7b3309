import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readSourceTypes, type SourceTypes } from './source-types.ts'

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, { types: string; default: string } | string>
}

/** The subpaths that users import, and the source file behind each. */
const entries = Object.entries(exports).flatMap(([subpath, target]): [string, string][] =>
  typeof target === 'string'
    ? []
    : [[subpath, target.default.replace('./dist/', 'src/').replace(/[.]js$/, '.ts')]],
)

const REVIEW = `The public surface is not the one that was reviewed (test/workshop/public-surface.json).
A name that was added by mistake: take it out of the file behind the subpath. A change that is meant: run
"npx vitest run test/workshop/public-surface.test.ts --update", review the difference, and write a line in CHANGELOG.md.
A name that went away or changed its kind breaks those who import it.`

describe('the public surface', () => {
  let types: SourceTypes
  beforeAll(() => {
    types = readSourceTypes(entries.map(([, file]) => file))
  })

  it('is the one that was reviewed', async () => {
    const surface = Object.fromEntries(entries.map(([subpath, file]) => [subpath, types.exportsOf(file)]))
    await expect(`${JSON.stringify(surface, null, 2)}\n`, REVIEW).toMatchFileSnapshot('public-surface.json')
  })

  it('lists every name of the index by hand', () => {
    expect(readFileSync('src/index.ts', 'utf8')).not.toMatch(/export\s+(type\s+)?\*/)
  })
})
