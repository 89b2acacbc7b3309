import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const { forbidden, options } = JSON.parse(readFileSync('.dependency-cruiser.json', 'utf8')) as {
  forbidden: (IForbiddenRuleType & { name: string })[]
  options: Record<string, unknown>
}

type Refused = readonly [file: string, statement: string, rule: string]

/** Imports that must not be: the importing file, the statement, the rule that refuses it. */
const REFUSED: readonly Refused[] = [
  ['src/core/key.ts', "import '../token/format.ts'", 'core-stands-alone'],
  ['src/core/key.ts', "import type {} from '../engine/verify-key.ts'", 'core-stands-alone'],
  ['src/token/format.ts', "import '../store/store.ts'", 'token-knows-core'],
  ['src/store/store.ts', "import '../token/format.ts'", 'port-knows-core'],
  ['src/engine/verify-key.ts', "import '../store/memory/memory-store.ts'", 'engine-knows-ports'],
  ['src/engine/verify-key.ts', "import '../server/server.ts'", 'engine-knows-ports'],
  ['src/engine/verify-key.ts', "import '../cache/lru/lru-cache.ts'", 'engine-knows-ports'],
  ['src/store/memory/memory-store.ts', "import '../../token/format.ts'", 'store-knows-its-port'],
  ['src/store/memory/memory-store.ts', "import '../sql/sql-store.ts'", 'store-knows-its-port'],
  ['src/cache/lru/lru-cache.ts', "import '../../store/store.ts'", 'cache-or-limiter-knows-its-port'],
  ['src/server/server.ts', "import '../store/store.ts'", 'door-knows-engine'],
  ['src/adapters/express.ts', "import '../server/server.ts'", 'door-knows-engine'],
  ['src/client/client.ts', "import '../engine/verify-key.ts'", 'client-stands-alone'],
  ['src/client/client.ts', "import '../server/server.ts'", 'client-takes-types-only'],
  ['dashboard/app.ts', "import '../src/server/server.ts'", 'dashboard-knows-client'],
  ['src/testing/contract.ts', "import '../store/memory/memory-store.ts'", 'testing-knows-ports'],
  ['src/create-keysmith.ts', "import './cli/main.ts'", 'library-opens-no-door'],
  ['src/cli/main.ts', "import '../index.ts'", 'nobody-imports-the-index'],
  ['src/utils/text.ts', "import '../core/key.ts'", 'known-folder'],
  ['src/core/alone.ts', '', 'no-orphan'],
  ['src/token/left.ts', "import type {} from './right.ts'", 'no-cycle'],
  ['src/core/key.ts', "import 'node:fs'", 'rules-do-no-io'],
  ['src/engine/verify-key.ts', "import 'kysely'", 'sql-stays-in-the-sql-store'],
  ['src/store/memory/memory-store.ts', "import 'fastify'", 'http-stays-in-the-doors'],
  ['src/store/memory/memory-store.ts', "import 'pino'", 'http-stays-in-the-doors'],
  ['src/server/server.ts', "import 'commander'", 'commands-stay-in-the-cli'],
  ['src/index.ts', "import './engine/verify-key.ts' // imports 'kysely'", 'library-loads-little'],
  ['src/cli/main.ts', "import 'vitest'", 'dependency-is-declared'],
  ['src/cli/main.ts', "import './nowhere.ts'", 'import-can-be-resolved'],
]

/** Imports that are as they should be. */
const ALLOWED: readonly (readonly [file: string, statement: string])[] = [
  ['src/core/page.ts', "import 'node:zlib'"],
  ['src/token/native.ts', "import '../core/page.ts'"],
  ['src/cache/cache.ts', "import '../core/page.ts'"],
  ['src/engine/list-keys.ts', "import '../cache/cache.ts'"],
  ['src/engine/list-keys.ts', "import '../token/native.ts'"],
  ['src/store/sql/rows.ts', "import 'kysely'"],
  ['src/store/sql/rows.ts', "import '../../core/page.ts'"],
  ['src/server/routes.ts', "import '../engine/list-keys.ts'"],
  ['src/server/routes.ts', "import 'fastify'"],
  ['src/client/keys.ts', "import type {} from '../server/routes.ts'"],
  ['src/cli/serve.ts', "import '../server/routes.ts'"],
  ['src/cli/serve.ts', "import '../store/sql/rows.ts'"],
  ['src/core/page.test.ts', "import '../store/sql/rows.ts'"],
]

/** What is imported above, and needs no case of its own. */
const SCENERY = [
  ['src/token/right.ts', "import type {} from './left.ts'"],
  ['src/store/sql/sql-store.ts', ''],
] as const

/** What an import statement names last: `engine/verify-key.ts`, `fs`. */
function target(statement: string): string {
  const named = [...statement.matchAll(/'([^']*)'/g)].at(-1)?.[1] ?? ''
  return named.replace(/^([.]{1,2}\/)+|^node:/, '')
}

describe('the import rules', () => {
  let house: string
  let violations: readonly { from: string; to: string; rule: string }[]

  beforeAll(async () => {
    house = mkdtempSync(join(tmpdir(), 'keysmith-imports-'))
    const files = new Map<string, string[]>()
    for (const [file, statement] of [...REFUSED, ...ALLOWED, ...SCENERY]) {
      files.set(file, [...(files.get(file) ?? []), statement])
    }
    for (const [file, statements] of files) {
      mkdirSync(dirname(join(house, file)), { recursive: true })
      writeFileSync(join(house, file), statements.join('\n'))
    }
    cpSync('package.json', join(house, 'package.json'))
    symlinkSync(join(process.cwd(), 'node_modules'), join(house, 'node_modules'))
    const { enhancedResolveOptions, tsConfig: _own, ...rest } = options
    const { output } = await cruise(
      ['src', 'dashboard'],
      { ...rest, baseDir: house, validate: true, ruleSet: { forbidden } },
      enhancedResolveOptions as object,
    )
    violations = (output as ICruiseResult).summary.violations.map(({ from, to, rule }) => ({
      from,
      to,
      rule: rule.name,
    }))
  })

  afterAll(() => rmSync(house, { recursive: true, force: true }))

  it.each(REFUSED)('refuse in %s: %s (%s)', (from, statement, rule) => {
    expect(violations).toContainEqual({ from, rule, to: expect.stringContaining(target(statement)) })
  })

  it.each(ALLOWED)('allow in %s: %s', (from) => {
    expect(violations.filter((violation) => violation.from === from)).toEqual([])
  })

  it('are each shown to refuse something', () => {
    expect(new Set(forbidden.map(({ name }) => name))).toEqual(new Set(REFUSED.map(([, , rule]) => rule)))
  })
})
