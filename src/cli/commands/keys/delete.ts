import type { Command } from 'commander'
import { KeysmithError } from '../../../core/errors.ts'
import { example } from '../../example.ts'
import { withKeysmith } from '../../with-keysmith.ts'

/** `keysmith keys delete` */
export function addDeleteKey(keys: Command): void {
  keys
    .command('delete <key>')
    .description(
      'Take a key away. Its audit trail and rotations stay. To keep it on record, purge it instead.',
    )
    .option('--yes', 'needed: what is deleted can not be brought back')
    .addHelpText('after', example('keysmith keys delete sk_live_4eC39HqLyjWD --yes'))
    .action(
      withKeysmith(async (session, key: string, { yes }: { yes?: boolean }) => {
        if (!yes) {
          throw new KeysmithError(
            'invalid_request',
            'A deleted key can not be brought back. Add --yes to delete it, or use "keysmith keys purge" to keep its record.',
          )
        }
        await session.keysmith.keys.delete(key, session.caller)
        session.show({ deleted: key }, () => `Deleted: ${key}`)
      }),
    )
}
