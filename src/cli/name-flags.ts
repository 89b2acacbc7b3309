import type { Command } from 'commander'
import { isKeysmithError, KeysmithError } from '../core/errors.ts'

// Where the flag is called otherwise than the field.
const FLAG_OF_FIELD: Readonly<Record<string, string>> = {
  ownerId: 'owner',
  tenantId: 'tenant',
  appId: 'app',
  keyId: 'key',
  actorId: 'actor',
  q: 'search',
}

/** An error about a field of the input, told as one about the flag that it came from, if there is one. */
export function nameFlags(error: unknown, command: Command): unknown {
  if (!isKeysmithError(error)) return error
  const [start = '', field = ''] = /^([a-z]+)(?:\.\w+)*: /i.exec(error.message) ?? []
  const attribute = FLAG_OF_FIELD[field] ?? field
  const flag = command.options.find((option) => option.attributeName() === attribute && !option.negate)?.long
  if (!flag) return error
  const { code, issues, cause } = error
  return new KeysmithError(code, `${flag}: ${error.message.slice(start.length)}`, { issues, cause })
}
