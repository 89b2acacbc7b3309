import { isKeysmithError, type KeysmithError } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import { createKeysmith } from '../../create-keysmith.ts'
import { openHandle } from '../../store/sql/sqlite/sqlite-handle.ts'
import { databasePath, engineOptions, isAbsent, openStore } from '../open-keysmith.ts'
import type { Settings } from '../settings/settings.ts'
import { type DoctorFinding, FINDINGS, type FindingId, finding } from './finding.ts'
import { isExposed } from './is-exposed.ts'

const silent: Logger = { warn() {}, error() {} }

/** What is wrong with the database and the hashes in it. Neither makes nor migrates it. */
export async function checkDatabase(settings: Settings): Promise<DoctorFinding[]> {
  const path = databasePath(settings)
  if (path === ':memory:') {
    const fix = 'Name a file: DATABASE_URL=sqlite:keysmith.db.'
    return [finding('database.in_memory', 'The keys are kept in memory: they end with the process.', fix)]
  }
  if (isAbsent(path)) {
    const fix = 'Check DATABASE_URL. To make the database, run "keysmith migrate" or "keysmith serve".'
    return [finding('database.missing', `There is no file ${path}.`, fix)]
  }
  const exposed = isExposed(path)
    ? [
        finding(
          'database.file_exposed',
          `Other users of this machine can read or write ${path}.`,
          `Run "chmod 600 ${path}*".`,
        ),
      ]
    : []
  return [...exposed, ...(await checkContent(settings, path))]
}

async function checkContent(settings: Settings, path: string): Promise<DoctorFinding[]> {
  try {
    // The store makes any file its own when it opens it. One that never was is left alone.
    if (!holdsKeysmith(path)) {
      const cause = `${path} is not a database of Keysmith's, or was never migrated.`
      return [finding('store.migrations_pending', cause, 'Check DATABASE_URL, or run "keysmith migrate".')]
    }
    return await diagnose(settings)
  } catch (error) {
    const id = isKeysmithError(error, 'driver_missing') ? 'database.driver_missing' : 'database.unavailable'
    const fix =
      id === 'database.driver_missing'
        ? 'Install the driver that the cause names.'
        : 'Check the path, the permissions of file and folder, and the disk. Restore a backup if it is damaged.'
    return [finding(id, (error as Error).message, fix)]
  }
}

function holdsKeysmith(path: string): boolean {
  const handle = openHandle(path)
  try {
    return handle.prepare("select 1 from sqlite_master where name = 'keysmith_migrations'").all().length > 0
  } finally {
    handle.close()
  }
}

async function diagnose(settings: Settings): Promise<DoctorFinding[]> {
  const store = openStore(settings, { migrate: false })
  const keysmith = createKeysmith({ store, ...engineOptions(settings, silent) })
  try {
    await keysmith.ready().catch((error: KeysmithError) => {
      // These two are what diagnose() tells in more detail.
      if (!isKeysmithError(error, 'schema_outdated') && !isKeysmithError(error, 'pepper_missing')) throw error
    })
    const found = await keysmith.diagnose()
    return found.map(({ id, cause, fix }) => ({
      id,
      severity: FINDINGS[id as FindingId] ?? 'error',
      cause,
      fix,
    }))
  } finally {
    await keysmith.close()
  }
}
