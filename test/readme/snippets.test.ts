import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'
import { beforeAll, describe, expect, it } from 'vitest'

const GUIDES = 'docs/guides'
const PAGES = ['README.md', ...readdirSync(GUIDES).map((name) => `${GUIDES}/${name}`)].filter((page) =>
  page.endsWith('.md'),
)

/** What the reader is told to have: names of the reader's own, that a page uses and does not define. */
const OF_THE_READER: Readonly<Record<string, string>> = {
  'docs/guides/library.md': `
    declare const admin: { readonly id: string }
    declare function notify(...what: unknown[]): void`,
  'docs/guides/rotation.md': `
    declare const keysmith: import('keysmith').Keysmith
    declare const id: string`,
}

/** The TypeScript of a page and nothing else, as one module; each line where it is on the page. */
function codeOf(markdown: string): string {
  let inside = false
  const lines = markdown.split('\n').map((line) => {
    const fence = line.startsWith('```')
    if (fence) inside = line === '```ts'
    return inside && !fence ? line : ''
  })
  return lines.join('\n')
}

/** The sources behind the names that users import. */
function subpaths(): Record<string, string[]> {
  const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    name: string
    exports: Record<string, { default: string } | string>
  }
  return Object.fromEntries(
    Object.entries(exports).flatMap(([subpath, target]) => {
      if (typeof target === 'string') return []
      const source = target.default.replace('./dist/', './src/').replace(/[.]js$/, '.ts')
      return [[name + subpath.slice(1), [resolve(source)]]]
    }),
  )
}

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2024.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  types: ['node'],
  paths: subpaths(),
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
}

/** What the compiler has to say about modules that are on no disk, as `file:line: message`. */
function compile(modules: ReadonlyMap<string, string>): string[] {
  const disk = ts.createCompilerHost(OPTIONS)
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => modules.has(file) || disk.fileExists(file),
    readFile: (file) => modules.get(file) ?? disk.readFile(file),
    getSourceFile(file, ...rest) {
      const text = modules.get(file)
      return text === undefined
        ? disk.getSourceFile(file, ...rest)
        : ts.createSourceFile(file, text, {
            languageVersion: ts.ScriptTarget.ES2023,
            impliedNodeFormat: ts.ModuleKind.ESNext,
          })
    },
  }
  const program = ts.createProgram([...modules.keys()], OPTIONS, host)
  const wrong = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()]
  for (const file of modules.keys()) {
    const source = program.getSourceFile(file)
    wrong.push(...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source))
  }
  return wrong.map(({ file, start = 0, messageText }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
    return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
  })
}

// The reader's names come last, so that lines stay those of the page.
const moduleOf = (page: string) =>
  [
    resolve(`${page}.ts`),
    `${codeOf(readFileSync(page, 'utf8'))}\n${OF_THE_READER[page] ?? ''}\nexport {}`,
  ] as const

const WRONG = "# Page\n```ts\nimport { createKeysmith } from 'keysmith'\ncreateKeysmith({ prefix: 1 })\n```\n"

describe('the TypeScript of the README and the guides', () => {
  let errors: string[]
  beforeAll(() => {
    errors = compile(new Map([...PAGES.map(moduleOf), [resolve('wrong.md.ts'), codeOf(WRONG)]]))
  })

  it('compiles as it is shown, each page as one module, under --strict', () => {
    expect(errors.filter((error) => !error.includes('wrong.md.ts'))).toEqual([])
  })

  it('is found by this test, and what is wrong with it too', () => {
    expect(codeOf(readFileSync('README.md', 'utf8'))).toContain('createKeysmith({')
    expect(codeOf(readFileSync(`${GUIDES}/library.md`, 'utf8'))).toContain('keysmith.close()')
    expect(errors).toContainEqual(
      expect.stringMatching(/wrong[.]md[.]ts:4: Type 'number' is not assignable to type 'string'/),
    )
  })
})
