import { databasePath } from '../open-keysmith.ts'
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
