import type { Keysmith } from '../../engine/surface.ts'
import { databasePath } from '../open-keysmith.ts'
import { isRootless, ROOT_ACCESS_FIX } from '../root-access.ts'
import type { Settings } from '../settings/settings.ts'

/** What the start tells: where everything is. */
export function banner(origin: string, settings: Settings): string {
  return [
    'Keysmith is ready.',
    `  API       ${origin}`,
    `  Docs      ${origin}/docs`,
    `  Database  sqlite:${databasePath(settings)}`,
  ].join('\n')
}

/** The root management key, on a line of its own. */
export function rootKeyNotice(rawKey: string): string {
  return `\n\nRoot management key. It is shown this once: keep it in a safe place.\n\n  ${rawKey}\n`
}

/** A line when nobody can get in as root; nothing otherwise. */
export async function rootlessNotice(keysmith: Keysmith, settings: Settings): Promise<string> {
  if (!(await isRootless(keysmith, settings))) return ''
  return `\n\nNo key for all tenants verifies, and KEYSMITH_ROOT_KEY is not set. ${ROOT_ACCESS_FIX}`
}
