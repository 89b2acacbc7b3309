import type { Command } from 'commander'
import type { Rotation } from '../../core/rotation.ts'
import { example } from '../example.ts'
import { addPageFlags, type PageOptions, pageOf } from '../option-values.ts'
import { showPage } from '../show-page.ts'
import type { Columns } from '../table.ts'
import { withKeysmith } from '../with-keysmith.ts'

interface ListOptions extends PageOptions {
  readonly key?: string
  readonly from?: string
  readonly to?: string
  readonly tenant?: string
}

const COLUMNS: Columns<Rotation> = {
  time: ({ createdAt }) => createdAt,
  key: ({ keyId }) => keyId,
  reason: ({ reason }) => reason,
  'old ends': ({ graceEndsAt }) => graceEndsAt,
  actor: ({ actorId }) => actorId,
  tenant: ({ tenantId }) => tenantId,
}

/** `keysmith rotations` */
export function addRotations(program: Command): void {
  const rotations = program
    .command('rotations')
    .description('Read which keys got a new raw key, when and why.')
  addPageFlags(
    rotations
      .command('list')
      .description('List rotations, the newest first.')
      .option('--key <id>', 'only of this key, by id or identifier')
      .option('--from <time>', 'from this time on (ISO 8601)')
      .option('--to <time>', 'before this time (ISO 8601)')
      .option('--tenant <id>', 'only of this tenant'),
  )
    .addHelpText('after', example('keysmith rotations list --key sk_live_4eC39HqLyjWD'))
    .action(
      withKeysmith(async (session, options: ListOptions) => {
        const { key, from, to, tenant } = options
        const filter = { keyId: key, from, to, tenantId: tenant }
        showPage(session, await session.keysmith.rotations.list({ ...filter, ...pageOf(options) }), COLUMNS)
      }),
    )
}
