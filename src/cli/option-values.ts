import { type Command, InvalidArgumentError } from 'commander'
import { parseDuration } from '../core/durations.ts'
import { KeysmithError } from '../core/errors.ts'
import { holdsRawKey } from './print.ts'

/** Reads a list with commas. */
export function list(text: string): string[] {
  return text.split(',').map((part) => part.trim())
}

function wholeNumber(digits: string): number {
  if (/^\d{1,15}$/.test(digits)) return Number(digits)
  throw new InvalidArgumentError('Write a whole number.')
}

export function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidArgumentError('Write JSON, such as \'{"team":"billing"}\'.')
  }
}

/** A time, or "never". */
export function timeOrNever(text: string): string | null {
  return text === 'never' ? null : text
}

/** The time after a duration from now on. */
export function timeFromNow(duration: string): Date {
  let milliseconds = 0
  try {
    milliseconds = parseDuration(duration)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
  if (milliseconds > 0) return new Date(Date.now() + milliseconds)
  throw new InvalidArgumentError('Write a duration longer than 0.')
}

/** A text that everyone may read for good, so that a raw key that was pasted into the wrong place is refused. */
export function withoutSecret(flag: string): (text: string) => string {
  return (text) => {
    if (!holdsRawKey(text)) return text
    throw new KeysmithError(
      'invalid_request',
      `${flag}: this holds a raw key, and would show it to all who see the list of keys. Write something else.`,
    )
  }
}

export interface PageOptions {
  readonly limit?: number
  readonly offset?: number
  readonly cursor?: string
}

/** Gives a list the flags for its pages. */
export function addPageFlags(command: Command): Command {
  return command
    .option('--limit <rows>', 'rows a page, 1 to 100 (50 by default)', wholeNumber)
    .option('--offset <rows>', 'leave out this many rows', wholeNumber)
    .option('--cursor <cursor>', 'the page after the one that named this cursor')
}

export function pageOf({ limit, offset, cursor }: PageOptions): PageOptions {
  return {
    ...(limit !== undefined && { limit }),
    ...(offset !== undefined && { offset }),
    ...(cursor && { cursor }),
  }
}
