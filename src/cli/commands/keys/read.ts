import type { Command } from 'commander'
import type { KeyState } from '../../../core/key.ts'
import { example } from '../../example.ts'
import { addPageFlags, type PageOptions, pageOf } from '../../option-values.ts'
import { showPage } from '../../show-page.ts'
import { withKeysmith } from '../../with-keysmith.ts'
import { LIST_COLUMNS, showKey, TENANT_LIST_COLUMNS } from './show-key.ts'

interface ListFlags extends PageOptions {
  readonly state?: KeyState
  readonly environment?: string
  readonly owner?: string
  readonly search?: string
  readonly tenant?: string
  readonly app?: string
}

/** `keysmith keys list` and `keysmith keys get` */
export function addReadKeys(keys: Command): void {
  addPageFlags(
    keys
      .command('list')
      .description('List keys, the newest first.')
      .option('--state <state>', 'only active, suspended, revoked, purged or expired ones')
      .option('--environment <name>', 'only of this environment')
      .option('--owner <id>', 'only of this owner')
      .option('--search <text>', 'only with this in the name or identifier')
      .option('--tenant <id>', 'only of this tenant; "*": only management keys for all tenants')
      .option('--app <id>', 'only of this app'),
  )
    .addHelpText(
      'after',
      example('keysmith keys list --state active', 'keysmith keys list --json | jq -r ".items[].id"'),
    )
    .action(
      withKeysmith(async (session, flags: ListFlags) => {
        const { state, environment, owner, search, tenant, app } = flags
        const filter = { state, environment, ownerId: owner, q: search, tenantId: tenant, appId: app }
        const page = await session.keysmith.keys.list({ ...filter, ...pageOf(flags) })
        showPage(session, page, tenant === undefined ? TENANT_LIST_COLUMNS : LIST_COLUMNS)
      }),
    )
  keys
    .command('get <key>')
    .description('Show a key.')
    .addHelpText('after', example('keysmith keys get sk_live_4eC39HqLyjWD'))
    .action(
      withKeysmith(async (session, key: string) => {
        showKey(session, await session.keysmith.keys.get(key))
      }),
    )
}
