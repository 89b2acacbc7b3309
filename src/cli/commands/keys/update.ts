import type { Command } from 'commander'
import type { Metadata } from '../../../core/key.ts'
import { example } from '../../example.ts'
import { json, list, timeOrNever } from '../../option-values.ts'
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
}

/** `keysmith keys update` */
export function addUpdateKey(keys: Command): void {
  keys
    .command('update <key>')
    .description('Change fields of a key; what is left out stays.')
    .option('--name <name>', 'what the key is for')
    .option('--description <text>', 'more about it')
    .option('--owner <id>', 'the one whom it belongs to')
    .option('--no-owner', 'it belongs to no one')
    .option('--scopes <list>', 'what it allows, instead of what it allowed', list)
    .option('--metadata <json>', 'a JSON object, instead of the present one', json)
    .option('--expires-at <time>', 'when it ends (ISO 8601), or "never"', timeOrNever)
    .addHelpText(
      'after',
      example('keysmith keys update sk_live_4eC39HqLyjWD --expires-at 2030-01-31T00:00:00Z'),
    )
    .action(
      withKeysmith(async (session, key: string, flags: UpdateFlags) => {
        const { name, description, owner, scopes, metadata, expiresAt } = flags
        const ownerId = owner === false ? null : owner
        const changes = { name, description, ownerId, scopes, metadata, expiresAt }
        showKey(session, await session.keysmith.keys.update(key, changes, session.caller))
      }),
    )
}
