import type { Command } from 'commander'
import type { Duration } from '../../../core/durations.ts'
import type { RotationReason } from '../../../core/rotation.ts'
import { example } from '../../example.ts'
import { withKeysmith } from '../../with-keysmith.ts'
import { showRawKey } from './show-key.ts'

/** `keysmith keys rotate` */
export function addRotateKey(keys: Command): void {
  keys
    .command('rotate <key>')
    .description(
      'Give a key a new raw key, printed as "create" does. The old one verifies until the grace ends.',
    )
    .option('--reason <reason>', 'scheduled, manual (the default), compromise (no grace), policy or expiring')
    .option('--grace-period <duration>', 'how long the old raw key verifies: 1h, 7d')
    .addHelpText(
      'after',
      example(
        'keysmith keys rotate sk_live_4eC39HqLyjWD --grace-period 1h',
        'KEY=$(keysmith keys rotate sk_live_4eC39HqLyjWD --reason compromise)',
      ),
    )
    .action(
      withKeysmith(
        async (session, key: string, flags: { reason?: RotationReason; gracePeriod?: Duration }) => {
          const { reason, gracePeriod } = flags
          const rotated = await session.keysmith.keys.rotate(key, { reason, gracePeriod }, session.caller)
          const end = rotated.rotation.graceEndsAt.toISOString()
          showRawKey(
            session,
            rotated,
            `The old raw key ends at ${end}. This is the new one, shown this once:`,
          )
        },
      ),
    )
}
