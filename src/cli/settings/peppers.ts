import type { Pepper } from '../../token/hmac-sha256.ts'
import { malformed } from './notations.ts'
import type { Notation } from './setting.ts'

const MIN_LENGTH = 32
const WRITE =
  `Write the newest pepper first, each with a version of its own (1, 2, …) and a secret of ${MIN_LENGTH} characters or more: ` +
  '"2:secret,1:secret" in the variable, [{"version": 2, "secret": "…"}, …] in the file.'

/** `2:secret,1:secret`, the newest first. */
export const peppers: Notation<readonly Pepper[]> = {
  fromText: (list) =>
    list.split(',').map((entry) => {
      const colon = entry.indexOf(':')
      return { version: Number(entry.slice(0, Math.max(colon, 0))), secret: entry.slice(colon + 1) }
    }),
  parse(json) {
    if (!Array.isArray(json) || json.length === 0 || !json.every(isPepper)) throw malformed(WRITE)
    if (new Set(json.map(({ version }) => version)).size < json.length) throw malformed(WRITE)
    return json.map(({ version, secret }) => ({ version, secret }))
  },
}

function isPepper(entry: unknown): entry is Pepper {
  if (typeof entry !== 'object' || entry === null) return false
  const { version, secret, ...rest } = entry as Partial<Pepper>
  return (
    Object.keys(rest).length === 0 &&
    Number.isSafeInteger(version) &&
    Number(version) > 0 &&
    typeof secret === 'string' &&
    secret.length >= MIN_LENGTH
  )
}
