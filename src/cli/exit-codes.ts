import type { FaultCode } from '../core/errors.ts'

/** What a script learns from a command without reading its output. Documented in `docs/reference/cli.md`. */
export const EXIT = {
  ok: 0,
  unexpected: 1,
  badInput: 2,
  notFound: 3,
  conflict: 4,
  database: 5,
  refused: 6,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export const EXIT_MEANINGS: Record<ExitCode, string> = {
  0: 'done',
  1: 'something unexpected; "doctor" found an error',
  2: 'bad usage, input or setting; the address to listen on is taken',
  3: 'no such key or scope',
  4: 'not possible in the present state: a revoked key, a name that exists, a scope in use',
  5: 'the database is down, locked, not migrated, or its driver is missing',
  6: '"keys verify" refused the raw key',
}

/** The exit code of each error. */
export const EXIT_OF_FAULT: Record<FaultCode, ExitCode> = {
  invalid_request: EXIT.badInput,
  scope_not_available: EXIT.badInput,
  forbidden: EXIT.badInput,
  invalid_configuration: EXIT.badInput,
  pepper_missing: EXIT.badInput,
  idempotency_mismatch: EXIT.badInput,
  key_not_found: EXIT.notFound,
  policy_not_found: EXIT.notFound,
  scope_not_found: EXIT.notFound,
  scope_exists: EXIT.conflict,
  scope_in_use: EXIT.conflict,
  invalid_transition: EXIT.conflict,
  too_many_credentials: EXIT.conflict,
  identifier_taken: EXIT.conflict,
  conflict: EXIT.conflict,
  idempotency_in_progress: EXIT.conflict,
  unavailable: EXIT.database,
  schema_outdated: EXIT.database,
  driver_missing: EXIT.database,
  closed: EXIT.database,
}

export function exitCodesHelp(): string {
  const lines = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `  ${code}  ${meaning}`)
  return `Exit codes:\n${lines.join('\n')}`
}
