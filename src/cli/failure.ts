import { CommanderError } from 'commander'
import { isKeysmithError } from '../core/errors.ts'
import { EXIT, EXIT_OF_FAULT, type ExitCode } from './exit-codes.ts'
import { tell } from './print.ts'

/** Tells on standard error what went wrong and what to do. @returns the exit code */
export function reportFailure(error: unknown): ExitCode {
  // Commander has told it already. Help and version end in an "error" with exit code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput
  if (isKeysmithError(error)) {
    tell(`error: ${error.message}${error.message.includes('\n') ? '\n' : ' '}(${error.code})`)
    return exitCodeOf(error.code)
  }
  tell(`error: ${error instanceof Error ? error.message : String(error)}`)
  return EXIT.unexpected
}

function exitCodeOf(code: string): ExitCode {
  const known: Readonly<Record<string, ExitCode>> = EXIT_OF_FAULT
  return known[code] ?? EXIT.unexpected
}
