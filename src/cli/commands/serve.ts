import type { Command } from 'commander'
import { example } from '../example.ts'
import { readSettings } from '../settings/read-settings.ts'
import { settingSources } from '../settings/setting-flags.ts'

/** `keysmith serve` */
export function addServe(program: Command): void {
  program
    .command('serve')
    .description(
      'Serve the HTTP API. Logs go to standard error as JSON. Stops in good order on SIGINT and SIGTERM.',
    )
    .addHelpText(
      'after',
      example(
        'keysmith serve',
        'KEYSMITH_ROOT_KEY=$(openssl rand -hex 32) keysmith serve --host 0.0.0.0 --port 80',
      ),
    )
    .action(async (_flags: object, command: Command) => {
      const settings = readSettings(settingSources(command))
      const { serve } = await import('../serve/serve.ts')
      await serve(settings)
    })
}
