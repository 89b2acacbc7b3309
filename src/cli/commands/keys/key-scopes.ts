import type { Command } from 'commander'
import { example } from '../../example.ts'
import { withKeysmith } from '../../with-keysmith.ts'
import { showKey } from './show-key.ts'

/** `keysmith keys scopes assign` and `remove` */
export function addKeyScopes(keys: Command): void {
  const scopes = keys.command('scopes').description('Give scopes to a key, or take them away.')
  scopes
    .command('assign <key> <scopes...>')
    .description('Give a key more scopes.')
    .addHelpText('after', example('keysmith keys scopes assign sk_live_4eC39HqLyjWD read:users write:users'))
    .action(
      withKeysmith(async (session, key: string, names: string[]) => {
        showKey(session, await session.keysmith.keys.assignScopes(key, names, session.caller))
      }),
    )
  scopes
    .command('remove <key> <scopes...>')
    .description('Take scopes from a key.')
    .addHelpText('after', example('keysmith keys scopes remove sk_live_4eC39HqLyjWD write:users'))
    .action(
      withKeysmith(async (session, key: string, names: string[]) => {
        showKey(session, await session.keysmith.keys.removeScopes(key, names, session.caller))
      }),
    )
}
