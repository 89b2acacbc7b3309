import { resolve } from 'node:path'
import type { Command } from 'commander'
import { KeysmithError } from '../../core/errors.ts'
import { example } from '../example.ts'
import { print, printJson } from '../print.ts'
import { readSettings } from '../settings/read-settings.ts'
import { settingSources } from '../settings/setting-flags.ts'

/** `keysmith backup` */
export function addBackup(program: Command): void {
  program
    .command('backup <file>')
    .description(
      'Copy the database into a new file, while servers use it. The file must not exist. Changes nothing.',
    )
    .addHelpText('after', example('keysmith backup /var/backups/keysmith-$(date +%F).db'))
    .action(async (file: string, { json }: { json?: boolean }, command: Command) => {
      const settings = readSettings(settingSources(command))
      const { databasePath, holdsKeysmith, openStore } = await import('../open-keysmith.ts')
      const path = databasePath(settings)
      if (!holdsKeysmith(path)) {
        throw new KeysmithError(
          'schema_outdated',
          `There is nothing to copy: ${path} is no database of Keysmith's. Check --database-url.`,
        )
      }
      const store = openStore(settings, { migrate: false })
      try {
        await store.backup(file)
      } finally {
        await store.close()
      }
      const copy = resolve(file)
      if (json) printJson({ backup: copy })
      else print(`Copied ${path} to ${copy}.`)
    })
}
