import { createRequire } from 'node:module'
import { Command } from 'commander'
import { addAudit } from './commands/audit.ts'
import { addBackup } from './commands/backup.ts'
import { addDoctor } from './commands/doctor.ts'
import { addKeys } from './commands/keys/keys.ts'
import { addMigrate } from './commands/migrate.ts'
import { addRegex } from './commands/regex.ts'
import { addRotations } from './commands/rotations.ts'
import { addScopes } from './commands/scopes.ts'
import { addServe } from './commands/serve.ts'
import { exitCodesHelp } from './exit-codes.ts'
import { withoutRawKeys } from './print.ts'
import { addSettingFlags } from './settings/setting-flags.ts'

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string }

/** The whole command line, ready to parse. Errors are thrown; nothing exits. */
export function createProgram(): Command {
  const program = new Command('keysmith')
    .description('API keys for any service: issue, verify, rotate, suspend, revoke, audit.')
    .version(version, '-V, --version')
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(withoutRawKeys(text)) })
    .addHelpText('after', `\nExample:\n  $ keysmith serve\n\n${exitCodesHelp()}`)
  addServe(program)
  addMigrate(program)
  addBackup(program)
  addKeys(program)
  addScopes(program)
  addAudit(program)
  addRotations(program)
  addDoctor(program)
  addRegex(program)
  addSettingFlags(program, 'all')
  for (const command of commandsOf(program)) finish(command)
  return program
}

/** All commands that do something, as opposed to groups of commands. */
export function commandsOf(command: Command): Command[] {
  return command.commands.length === 0 ? [command] : command.commands.flatMap(commandsOf)
}

function finish(command: Command): void {
  const serves = command.name() === 'serve'
  if (!serves) command.option('--json', 'print one JSON value instead of text')
  addSettingFlags(command, serves || command.name() === 'doctor' ? 'all' : 'engine')
}
