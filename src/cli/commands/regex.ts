import type { Command } from 'commander'
import { secretScanningPattern } from '../../token/scanning.ts'
import { example } from '../example.ts'
import { list } from '../option-values.ts'
import { print, printJson } from '../print.ts'
import { ROOT_KEY_PREFIX } from '../root-access.ts'
import { readSettings } from '../settings/read-settings.ts'
import { settingSources } from '../settings/setting-flags.ts'

/** `keysmith regex` */
export function addRegex(program: Command): void {
  program
    .command('regex')
    .description(
      `Print the regular expression that finds raw keys of the configured prefix, and root keys (${ROOT_KEY_PREFIX}_…), for secret scanners.`,
    )
    .option('--environments <list>', 'only these environments, such as live,test; any when missing')
    .addHelpText('after', example('git grep -nP "$(keysmith regex)"', 'keysmith regex --prefix acme'))
    .action(({ json, environments }: { json?: boolean; environments?: string }, command: Command) => {
      const { prefix, secretLength } = readSettings(settingSources(command))
      const only = environments === undefined ? {} : { environments: list(environments) }
      const pattern = secretScanningPattern({ prefixes: [prefix, ROOT_KEY_PREFIX], secretLength, ...only })
      if (json) printJson({ pattern })
      else print(pattern)
    })
}
