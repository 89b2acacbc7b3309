import type { Command } from 'commander'
import { denialError, KeysmithError } from '../../../core/errors.ts'
import { example } from '../../example.ts'
import { EXIT } from '../../exit-codes.ts'
import { list } from '../../option-values.ts'
import { details } from '../../table.ts'
import { withKeysmith } from '../../with-keysmith.ts'
import { readRawKey } from './read-raw-key.ts'
import { DETAIL_COLUMNS } from './show-key.ts'

interface VerifyFlags {
  readonly scopes?: string[]
  readonly tenant?: string
}

/** `keysmith keys verify` */
export function addVerifyKey(keys: Command): void {
  const verify = keys
    .command('verify')
    .description(
      'Decide whether a raw key may be used. It is read from standard input. Exit code 0, or 6 when refused.',
    )
    .option('--scopes <list>', 'scopes that it must hold, all of them', list)
    .option('--tenant <id>', 'tenant that it must belong to')
    .allowExcessArguments()
    .addHelpText('after', example('echo "$KEY" | keysmith keys verify --scopes read:users'))
  const decide = withKeysmith(async (session, { scopes, tenant }: VerifyFlags) => {
    const rawKey = await readRawKey()
    const result = await session.keysmith.keys.verify(rawKey, { scopes, tenantId: tenant })
    const { key } = result
    session.show(result, () =>
      [
        result.valid ? 'valid' : `${result.code}: ${denialError(result.code).message}`,
        ...(key ? [details(key, DETAIL_COLUMNS)] : []),
      ].join('\n'),
    )
    if (!result.valid) process.exitCode = EXIT.refused
  })
  verify.action((flags: VerifyFlags, command: Command) => {
    refuseArguments(command)
    return decide(flags, command)
  })
}

function refuseArguments({ args }: Command): void {
  if (args.length === 0) return
  throw new KeysmithError(
    'invalid_request',
    'A raw key is no argument: other users of the machine see arguments, and the shell remembers them. ' +
      'Pipe it in (echo "$KEY" | keysmith keys verify), or run "keysmith keys verify" and paste it.',
  )
}
