import { type Command, Option } from 'commander'
import { KeysmithError } from '../../../core/errors.ts'
import type { Metadata } from '../../../core/key.ts'
import { example } from '../../example.ts'
import { json, list, timeFromNow, timeOrNever, withoutSecret } from '../../option-values.ts'
import { withKeysmith } from '../../with-keysmith.ts'
import { showKey } from './show-key.ts'

interface UpdateFlags {
  readonly name?: string
  readonly description?: string
  /** False for `--no-owner`. */
  readonly owner?: string | false
  readonly scopes?: string[]
  readonly metadata?: Metadata
  readonly expiresAt?: string | null
  readonly expiresIn?: Date
}

/** `keysmith keys update` */
export function addUpdateKey(keys: Command): void {
  keys
    .command('update <key>')
    .description('Change fields of a key; what is left out stays.')
    .option('--name <name>', 'what the key is for', withoutSecret('--name'))
    .option('--description <text>', 'more about it', withoutSecret('--description'))
    .option('--owner <id>', 'the one whom it belongs to')
    .option('--no-owner', 'it belongs to no one')
    .option('--scopes <list>', 'what it allows, instead of what it allowed', list)
    .option('--metadata <json>', 'a JSON object, instead of the present one', json)
    .option('--expires-at <time>', 'when it ends (ISO 8601), or "never"', timeOrNever)
    .addOption(
      new Option('--expires-in <duration>', 'how long it lives from now on: 24h, 90d')
        .argParser(timeFromNow)
        .conflicts('expiresAt'),
    )
    .addHelpText(
      'after',
      example('keysmith keys update sk_live_4eC39HqLyjWD --expires-at 2030-01-31T00:00:00Z'),
    )
    .action(
      withKeysmith(async (session, key: string, flags: UpdateFlags) => {
        const { name, description, owner, scopes, metadata } = flags
        const ownerId = owner === false ? null : owner
        const expiresAt = flags.expiresIn ?? flags.expiresAt
        const changes = { name, description, ownerId, scopes, metadata, expiresAt }
        assertAny(changes)
        showKey(session, await session.keysmith.keys.update(key, changes, session.caller))
      }),
    )
}

function assertAny(changes: object): void {
  if (Object.values(changes).some((change) => change !== undefined)) return
  throw new KeysmithError(
    'invalid_request',
    'Nothing is to be changed. Add a flag, such as --name; "keysmith keys update --help" lists them.',
  )
}
