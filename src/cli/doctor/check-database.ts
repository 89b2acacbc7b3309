import { isKeysmithError, type KeysmithError } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import { EVERY } from '../../core/realm.ts'
import { createKeysmith } from '../../create-keysmith.ts'
import type { Keysmith } from '../../engine/surface.ts'
import { openHandle } from '../../store/sql/sqlite/sqlite-handle.ts'
import { databasePath, engineOptions, holdsKeysmith, isAbsent, openStore } from '../open-keysmith.ts'
import { isRootless, ROOT_ACCESS_FIX } from '../root-access.ts'
import type { Settings } from '../settings/settings.ts'
import { type DoctorFinding, FINDINGS, type FindingId, finding } from './finding.ts'
import { isExposed } from './is-exposed.ts'

const silent: Logger = { warn() {}, error() {} }

/** What is wrong with the database and the hashes in it. Neither makes nor migrates it. */
export async function checkDatabase(settings: Settings): Promise<DoctorFinding[]> {
  const driver = checkDriver()
  if (driver) return [driver]
  const path = databasePath(settings)
  if (path === ':memory:') {
    const fix = 'Name a file: KEYSMITH_DATABASE_URL=sqlite:keysmith.db.'
    return [finding('database.in_memory', 'The keys are kept in memory: they end with the process.', fix)]
  }
  if (isAbsent(path)) {
    const fix =
      'Check KEYSMITH_DATABASE_URL and DATABASE_URL. To make the database, run "keysmith migrate" or "keysmith serve".'
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

// Before the file: without a driver, "make the database" is advice that no one can follow.
function checkDriver(): DoctorFinding | undefined {
  try {
    openHandle(':memory:').close()
    return undefined
  } catch (error) {
    const fix = 'Run "npm install @photostructure/sqlite", or use Node 22.13 or later.'
    return finding('database.driver_missing', (error as Error).message, fix)
  }
}

async function checkContent(settings: Settings, path: string): Promise<DoctorFinding[]> {
  try {
    // The store makes any file its own when it opens it. One that never was is left alone.
    if (!holdsKeysmith(path)) {
      const cause = `${path} is not a database of Keysmith's, or was never migrated.`
      return [
        finding(
          'store.migrations_pending',
          cause,
          'Check KEYSMITH_DATABASE_URL and DATABASE_URL, or run "keysmith migrate".',
        ),
      ]
    }
    return await diagnose(settings)
  } catch (error) {
    const fix =
      'Check the path, the permissions of file and folder, and the disk. Restore a backup if it is damaged.'
    return [finding('database.unavailable', (error as Error).message, fix)]
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
    if (found.length === 0) return await checkRootAccess(keysmith, settings)
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

// A database that never had a key for all tenants is no finding: the first start makes one, if there is one at all.
async function checkRootAccess(keysmith: Keysmith, settings: Settings): Promise<DoctorFinding[]> {
  const everMade = (await keysmith.keys.count({ tenantId: EVERY })) > 0
  if (!everMade || !(await isRootless(keysmith, settings))) return []
  const cause =
    'No key for all tenants verifies any more, and KEYSMITH_ROOT_KEY is not set here: nobody can manage all tenants over HTTP.'
  return [finding('root_key.missing', cause, ROOT_ACCESS_FIX)]
}
