import type { Command } from 'commander'
import { example } from '../example.ts'
import { settingSources } from '../settings/setting-flags.ts'

/** `keysmith doctor` */
export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'Find what is wrong with settings and database, and how to mend it. Changes nothing. Exit code 1 when there is an error.',
    )
    .addHelpText('after', example('keysmith doctor', 'keysmith doctor --json | jq ".findings[]"'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { examine } = await import('../doctor/examine.ts')
      const { report } = await import('../doctor/report.ts')
      report(await examine(settingSources(command)), json === true)
    })
}
