import { EXIT } from '../exit-codes.ts'
import { print, printable, printJson } from '../print.ts'
import type { DoctorFinding } from './finding.ts'

/** Shows the findings; the exit code tells whether one is an error. */
export function report(findings: readonly DoctorFinding[], json: boolean): void {
  const healthy = !findings.some(({ severity }) => severity === 'error')
  if (json) printJson({ healthy, findings })
  else if (findings.length === 0) print('All is well.')
  else print(findings.map(describe).join('\n\n'))
  if (!healthy) process.exitCode = EXIT.unexpected
}

function describe({ id, severity, cause, fix }: DoctorFinding): string {
  return `${severity}  ${id}\n  ${printable(cause)}\n  Fix: ${printable(fix)}`
}
