import { reportFailure } from './failure.ts'
import { createProgram } from './program.ts'

/** Runs a command line. Never throws: what went wrong is told on standard error and by `process.exitCode`. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
  } catch (error) {
    process.exitCode = reportFailure(error)
  }
}
