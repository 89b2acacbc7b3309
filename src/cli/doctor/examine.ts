import { inspectSettings, type SettingSources } from '../settings/read-settings.ts'
import { checkConfiguration } from './check-configuration.ts'
import { checkDatabase } from './check-database.ts'
import { type DoctorFinding, finding } from './finding.ts'

/** Everything that the doctor finds. The database is looked at once the settings say which one it is. */
export async function examine(sources: SettingSources): Promise<DoctorFinding[]> {
  const inspected = inspectSettings(sources)
  const invalid = inspected.problems.map(({ message }) =>
    finding('configuration.invalid', message, 'Correct the setting: docs/reference/settings.md.'),
  )
  if (invalid.length > 0) return invalid
  return [...checkConfiguration(inspected), ...(await checkDatabase(inspected.settings))]
}
