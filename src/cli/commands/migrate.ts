import type { Command } from 'commander'
import { example } from '../example.ts'
import { print, printJson } from '../print.ts'
import { readSettings } from '../settings/read-settings.ts'
import { settingSources } from '../settings/setting-flags.ts'

/** `keysmith migrate` */
export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('Make the database, or bring it to the schema of this version. Safe to run again.')
    .addHelpText('after', example('keysmith migrate --database-url sqlite:///var/lib/keysmith.db'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const settings = readSettings(settingSources(command))
      const { openStore } = await import('../open-keysmith.ts')
      const store = openStore(settings, { migrate: false })
      try {
        const applied = await store.migrate()
        if (json) printJson({ applied })
        else print(applied.length > 0 ? `Applied: ${applied.join(', ')}` : 'The database is up to date.')
      } finally {
        await store.close()
      }
    })
}
