import type { TestUserConfig } from 'vitest/config'
import type { Reporter, TestModule } from 'vitest/node'

const { CI, TEST_REPORT } = process.env

/**
 * Fails a run with `CI=true` in which a test was skipped: a test that lacks what it needs must not look like one
 * that passed. (`.only` fails there by itself.)
 */
class SkipsFailInCi implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => `${module.relativeModuleId} > ${test.fullName}`),
    )
    if (CI !== 'true' || skipped.length === 0) return
    process.exitCode = 1
    process.stderr.write(
      `\nSkipped, which fails with CI=true:\n${skipped.map((test) => `  ${test}\n`).join('')}`,
    )
  }
}

/** Who tells how a test run went. With `TEST_REPORT=file`, that file gets it as JSON: `.ci/run` counts from it. */
export const reporters: NonNullable<TestUserConfig['reporters']> = [
  'default',
  new SkipsFailInCi(),
  ...(TEST_REPORT ? [['json', { outputFile: TEST_REPORT }] as ['json', object]] : []),
]
