import type { Command } from 'commander'
import type { Scope } from '../../core/scopes.ts'
import { example } from '../example.ts'
import { addPageFlags, type PageOptions, pageOf } from '../option-values.ts'
import type { Session } from '../session.ts'
import { showPage } from '../show-page.ts'
import { type Columns, details } from '../table.ts'
import { withKeysmith } from '../with-keysmith.ts'

interface Place {
  readonly tenant?: string
  readonly app?: string
}

const COLUMNS: Columns<Scope> = {
  name: ({ name }) => name,
  description: ({ description }) => description,
  tenant: ({ tenantId }) => tenantId,
  app: ({ appId }) => appId,
  created: ({ createdAt }) => createdAt,
}

/** `keysmith scopes` */
export function addScopes(program: Command): void {
  const scopes = program
    .command('scopes')
    .description('Keep the registry of scopes: what permission names mean.')
  const command = (usage: string, description: string, ...examples: readonly string[]) =>
    scopes
      .command(usage)
      .description(description)
      .option('--tenant <id>', 'of this tenant')
      .option('--app <id>', 'of this app')
      .addHelpText('after', example(...examples))

  command(
    'create <name>',
    'Put a scope into the registry.',
    'keysmith scopes create read:users --description "See users"',
  )
    .option('--description <text>', 'what it allows')
    .action(
      withKeysmith(async (session, name: string, options: Place & { description?: string }) => {
        const { description, tenant: tenantId, app: appId } = options
        const input = { name, description, tenantId, appId }
        showScope(session, await session.keysmith.scopes.create(input, session.caller))
      }),
    )
  addPageFlags(
    command('list', 'List the scopes of the registry, the newest first.', 'keysmith scopes list --json'),
  ).action(
    withKeysmith(async (session, options: Place & PageOptions) => {
      const { tenant: tenantId, app: appId } = options
      showPage(session, await session.keysmith.scopes.list({ tenantId, appId, ...pageOf(options) }), COLUMNS)
    }),
  )
  command('get <name>', 'Show a scope.', 'keysmith scopes get read:users').action(
    withKeysmith(async (session, name: string, options: Place) => {
      showScope(session, await session.keysmith.scopes.get(reference(name, options)))
    }),
  )
  command(
    'update <name>',
    'Describe a scope anew.',
    'keysmith scopes update read:users --description "See all users"',
  )
    .requiredOption('--description <text>', 'what it allows')
    .action(
      withKeysmith(async (session, name: string, options: Place & { description: string }) => {
        const { description } = options
        showScope(
          session,
          await session.keysmith.scopes.update(reference(name, options), { description }, session.caller),
        )
      }),
    )
  command(
    'delete <name>',
    'Take a scope that no key holds out of the registry.',
    'keysmith scopes delete read:users',
  ).action(
    withKeysmith(async (session, name: string, options: Place) => {
      await session.keysmith.scopes.delete(reference(name, options), session.caller)
      session.show({ deleted: name }, () => `Deleted: ${name}`)
    }),
  )
}

const reference = (name: string, { tenant: tenantId, app: appId }: Place) => ({ name, tenantId, appId })

function showScope(session: Session, scope: Scope): void {
  session.show({ scope }, () => details(scope, COLUMNS))
}
