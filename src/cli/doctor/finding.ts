/** What the doctor can find. Each is in `docs/reference/cli.md`. */
export const FINDINGS = {
  'configuration.invalid': 'error',
  'configuration.file_exposed': 'warning',
  'root_key.weak': 'warning',
  'server.exposed': 'warning',
  'database.in_memory': 'warning',
  'database.missing': 'error',
  'database.unavailable': 'error',
  'database.driver_missing': 'error',
  'database.file_exposed': 'warning',
  'store.migrations_pending': 'error',
  'store.columns_missing': 'error',
  'hasher.unknown': 'error',
  'root_key.missing': 'warning',
} as const

export type FindingId = keyof typeof FINDINGS
export type Severity = 'error' | 'warning'

/** Something to mend. An error keeps Keysmith from working; a warning is a risk. */
export interface DoctorFinding {
  readonly id: string
  readonly severity: Severity
  readonly cause: string
  readonly fix: string
}

export function finding(id: FindingId, cause: string, fix: string): DoctorFinding {
  return { id, severity: FINDINGS[id], cause, fix }
}
