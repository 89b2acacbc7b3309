import type { Command } from 'commander'
import { example } from '../../example.ts'
import { withoutSecret } from '../../option-values.ts'
import { withKeysmith } from '../../with-keysmith.ts'
import { showKey } from './show-key.ts'

const CHANGES = {
  suspend: 'Refuse a key until it is reactivated.',
  reactivate: 'Let a suspended key verify again.',
  revoke: 'Refuse a key for good.',
  purge: 'Refuse a key for good and retire it; its records stay.',
} as const

/** `keysmith keys suspend`, `reactivate`, `revoke` and `purge`. They ask nothing: scripts can't answer. */
export function addStateChanges(keys: Command): void {
  for (const change of Object.keys(CHANGES) as (keyof typeof CHANGES)[]) {
    keys
      .command(`${change} <key>`)
      .description(CHANGES[change])
      .option('--reason <text>', 'why, for the key and the audit trail', withoutSecret('--reason'))
      .addHelpText('after', example(`keysmith keys ${change} sk_live_4eC39HqLyjWD --reason "ticket 4711"`))
      .action(
        withKeysmith(async (session, key: string, { reason }: { reason?: string }) => {
          showKey(session, await session.keysmith.keys[change](key, { reason }, session.caller))
        }),
      )
  }
}
