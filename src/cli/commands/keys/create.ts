import { type Command, Option } from 'commander'
import type { Duration } from '../../../core/durations.ts'
import type { KeyKind, Metadata } from '../../../core/key.ts'
import { example } from '../../example.ts'
import { json, list, timeOrNever, withoutSecret } from '../../option-values.ts'
import { withKeysmith } from '../../with-keysmith.ts'
import { showRawKey } from './show-key.ts'

interface CreateFlags {
  readonly name: string
  readonly description?: string
  readonly prefix?: string
  readonly environment?: string
  readonly kind?: KeyKind
  readonly owner?: string
  readonly scopes?: string[]
  readonly tenant?: string
  readonly app?: string
  readonly metadata?: Metadata
  readonly expiresAt?: string | null
  readonly expiresIn?: Duration
}

/** `keysmith keys create` */
export function addCreateKey(keys: Command): void {
  keys
    .command('create')
    .description(
      'Issue a key. Its raw key is printed alone on standard output, this once; the rest on standard error.',
    )
    .requiredOption('--name <name>', 'what the key is for', withoutSecret('--name'))
    .option('--description <text>', 'more about it', withoutSecret('--description'))
    .option('--prefix <prefix>', 'first part of the raw key')
    .option('--environment <name>', 'second part of the raw key: live, test, …')
    .option('--kind <kind>', 'who holds it: user or service (the default)')
    .option('--owner <id>', 'the one whom it belongs to, by an id of your own')
    .option('--scopes <list>', 'what it allows: read:users,write:users', list)
    .option('--tenant <id>', 'tenant that it belongs to; "*": all of them, for a key with management scopes')
    .option('--app <id>', 'app that it belongs to')
    .option('--metadata <json>', 'a JSON object of your own', json)
    .option('--expires-at <time>', 'when it ends (ISO 8601), or "never"', timeOrNever)
    .addOption(new Option('--expires-in <duration>', 'how long it lives: 24h, 90d').conflicts('expiresAt'))
    .addHelpText(
      'after',
      example(
        'keysmith keys create --name billing --scopes read:users --expires-in 90d',
        'KEY=$(keysmith keys create --name billing)',
      ),
    )
    .action(
      withKeysmith(async (session, flags: CreateFlags) => {
        const { name, description, prefix, environment, kind, scopes, metadata, expiresAt, expiresIn } = flags
        const created = await session.keysmith.keys.create(
          {
            ...{ name, description, prefix, environment, kind, scopes, metadata, expiresAt, expiresIn },
            ownerId: flags.owner,
            tenantId: flags.tenant,
            appId: flags.app,
          },
          session.caller,
        )
        showRawKey(session, created, 'This is the raw key. It is shown this once and can not be read again:')
      }),
    )
}
