import { z } from 'zod'
import { type Duration, parseDuration } from './durations.ts'
import { KeysmithError } from './errors.ts'
import { deepFreeze } from './freeze.ts'
import type { Metadata } from './key.ts'
import { DEFAULT_PAGE, MAX_PAGE } from './page.ts'
import { MAX_SCOPE_LENGTH, MAX_SCOPES, SCOPE_PATTERN } from './scopes.ts'

/**
 * The fields that inputs are made of: one source for what the engine accepts, for the schemas of the HTTP API
 * and for the documentation. A field whose JSON form can't be derived says it in `meta({ json })`.
 */

// Control characters would break logs, terminals and PostgreSQL (which stores no NUL).
const isLine = (text: string) => !/\p{Cc}/u.test(text) && text.isWellFormed()
const isText = (text: string) => !text.includes('\0') && text.isWellFormed()

const UNBROKEN = 'Leave out control characters and broken Unicode.'

/** A text of one line. */
export const line = (max: number) =>
  z
    .string()
    .min(1, `Give 1 to ${max} characters.`)
    .max(max, `Give 1 to ${max} characters.`)
    .refine(isLine, UNBROKEN)

/** A text that may have lines. */
const text = (max: number) =>
  z
    .string()
    .max(max, `Give ${max} characters at most.`)
    .refine(isText, 'Leave out NUL characters and broken Unicode.')

const NAME_LENGTH = 'Give a name of 1 to 200 characters.'
export const Name = z
  .string(NAME_LENGTH)
  .min(1, NAME_LENGTH)
  .max(200, NAME_LENGTH)
  .refine(isLine, UNBROKEN)
  .refine((name) => name === '' || name.trim() !== '', 'Give a name that can be seen.')
export const Description = text(2000)
export const Reason = line(500)
export const ExternalId = line(255)
const TENANT = '[A-Za-z0-9][A-Za-z0-9_.:@-]{0,63}'
export const TenantId = z
  .string()
  .regex(new RegExp(`^${TENANT}$`), 'Use 1 to 64 letters, digits and _ . : @ -')
  .meta({ description: 'The tenant, or the app of it, that this is about.' })
/** A tenant or app of a management key: `*` is every one. */
export const TenantIdOrEvery = z
  .string()
  .regex(new RegExp(`^(\\*|${TENANT})$`), 'Use 1 to 64 letters, digits and _ . : @ -, or * for every one.')
  .meta({
    description: 'The tenant, or the app of it, that owns the key; * for management keys of every one.',
  })
export const Prefix = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,15}$/, 'Use 1 to 16 lower-case letters, digits and _, a letter first.')
export const Environment = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,15}$/, 'Use 1 to 16 lower-case letters and digits, a letter first.')
  .meta({ description: 'A part of the raw key that tells live keys from test keys, such as live or test.' })
export const ScopeName = z
  .string()
  .max(MAX_SCOPE_LENGTH)
  .regex(SCOPE_PATTERN, 'Use letters, digits and _ . / -, parts joined by ":", such as read:users.')
  .refine(
    (scope) => !/_[0-9A-Za-z]{28,}/.test(scope),
    'This looks like a raw key. Keep it secret, and give a scope.',
  )
export const Scopes = z.array(ScopeName).max(MAX_SCOPES)

const TIME = 'Give a time in ISO 8601 with its offset, such as 2030-01-31T00:00:00Z.'

/** A point in time: a `Date`, or an ISO 8601 string with its offset. Read as milliseconds since the epoch. */
export const Instant = z
  .union([z.date(), z.iso.datetime({ offset: true, error: TIME })], { error: TIME })
  .transform((instant) => new Date(instant).getTime())
  .meta({ json: { type: 'string', format: 'date-time' } })

/** A length of time, read as milliseconds. */
// A string to those who check it, a Duration to those who write it: '90 days' does not even compile.
const DurationString = z.string() as z.ZodType as z.ZodType<Duration, Duration>
export const DurationText = DurationString.transform((duration, context) => {
  try {
    return parseDuration(duration)
  } catch (error) {
    context.addIssue((error as Error).message)
    return z.NEVER
  }
}).meta({
  json: { type: 'string', pattern: '^\\d{1,9}(\\.\\d{1,3})?(ms|s|m|h|d|w|y)$', examples: ['24h', '90d'] },
})

const MAX_METADATA_BYTES = 16_384
const MAX_METADATA_DEPTH = 16

/** A JSON object of the application's own, 16 kB and 16 levels at most. Kept as it is, never interpreted. */
export const MetadataObject = z
  .custom<Metadata>(isPlainObject, 'Give a JSON object.')
  .transform((metadata, context) => {
    if (isDeeper(metadata, MAX_METADATA_DEPTH)) {
      context.addIssue(`Nest metadata ${MAX_METADATA_DEPTH} levels deep at most.`)
      return z.NEVER
    }
    const json = toJson(metadata)
    if (json === undefined || Buffer.byteLength(json) > MAX_METADATA_BYTES) {
      context.addIssue(`Keep metadata to JSON of ${MAX_METADATA_BYTES / 1024} kB at most.`)
      return z.NEVER
    }
    return deepFreeze(JSON.parse(json) as Metadata)
  })
  .meta({
    description: 'A JSON object of your own, 16 kB at most. Kept as it is.',
    json: { type: 'object', additionalProperties: true },
  })

const LIMIT = `Give a number from 1 to ${MAX_PAGE}.`

export const pageFields = {
  limit: z
    .int(LIMIT)
    .min(1, LIMIT)
    .max(MAX_PAGE, LIMIT)
    .optional()
    .meta({ description: `Rows a page, ${DEFAULT_PAGE} by default.` }),
  offset: z
    .int('Give a whole number.')
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({ description: 'Rows to leave out at the start. A cursor is faster, and misses no row.' }),
  cursor: z.string().max(512).optional().meta({ description: 'The nextCursor of the page before.' }),
}

function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Whether plain data is nested more than so many levels deep. */
// Level by level, not by recursion: 10,000 levels must not exhaust the stack.
export function isDeeper(value: unknown, depth: number): boolean {
  let level: unknown[] = [value]
  for (let left = depth; level.length > 0; left--) {
    if (left < 0) return true
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []))
  }
  return false
}

function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}

/**
 * Reads an input.
 *
 * @throws {KeysmithError} `invalid_request` with an issue for each thing that is wrong
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: [...issue.path, shortened(key)].join('.'),
          message: 'This field is not known here. Leave it out.',
        }))
      : [{ path: issue.path.join('.'), message: wording(issue) }],
  )
  const [first] = issues
  throw new KeysmithError('invalid_request', `${first?.path || 'input'}: ${first?.message}`, { issues })
}

// A caller who sent nothing at all is told what is wanted.
const wording = (issue: z.core.$ZodIssue) =>
  issue.code === 'invalid_type' && issue.expected === 'object'
    ? 'Give an object with its fields.'
    : issue.message

// What stands where a name should may be a raw key that was pasted there, and errors end up in logs. The identifier,
// its public part, is about this long.
const SHOWN = 20

function shortened(name: string): string {
  return name.length > SHOWN ? `${name.slice(0, SHOWN)}…` : name
}
