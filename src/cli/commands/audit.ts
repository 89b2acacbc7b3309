import type { Command } from 'commander'
import type { AuditEvent } from '../../core/audit.ts'
import { example } from '../example.ts'
import { addPageFlags, type PageOptions, pageOf } from '../option-values.ts'
import { showPage } from '../show-page.ts'
import type { Columns } from '../table.ts'
import { withKeysmith } from '../with-keysmith.ts'

interface ListOptions extends PageOptions {
  readonly key?: string
  readonly action?: string
  readonly actor?: string
  readonly from?: string
  readonly to?: string
  readonly tenant?: string
}

const COLUMNS: Columns<AuditEvent> = {
  time: ({ createdAt }) => createdAt,
  action: ({ action }) => action,
  key: ({ keyId }) => keyId,
  // The id of the command line's actor has the type in it already.
  actor: ({ actor }) => actor && (actor.type === 'cli' ? actor.id : `${actor.type}:${actor.id}`),
  tenant: ({ tenantId }) => tenantId,
  extra: ({ extra }) => extra,
}

/** `keysmith audit` */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('Read the audit trail.')
  addPageFlags(
    audit
      .command('list')
      .description('List audit events, the newest first.')
      .option('--key <id>', 'only of this key, by id or identifier')
      .option('--action <action>', 'only this action, such as key.revoked')
      .option('--actor <id>', 'only what this actor did')
      .option('--from <time>', 'from this time on (ISO 8601)')
      .option('--to <time>', 'before this time (ISO 8601)')
      .option('--tenant <id>', 'only of this tenant'),
  )
    .addHelpText('after', example('keysmith audit list --action key.revoked --from 2030-01-01T00:00:00Z'))
    .action(
      withKeysmith(async (session, options: ListOptions) => {
        const { key, action, actor, from, to, tenant } = options
        const filter = { keyId: key, action, actorId: actor, from, to, tenantId: tenant }
        showPage(session, await session.keysmith.audit.list({ ...filter, ...pageOf(options) }), COLUMNS)
      }),
    )
}
