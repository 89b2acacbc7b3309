import { type Duration, parseDuration } from '../../core/durations.ts'
import { KeysmithError } from '../../core/errors.ts'
import { MAX_SCOPE_LENGTH, MAX_SCOPES, SCOPE_PATTERN } from '../../core/scopes.ts'
import type { Notation } from './setting.ts'

/** What a parser throws: a sentence that says what to write. */
export const malformed = (write: string) => new KeysmithError('invalid_request', write)

const unchanged = (text: string) => text

export function text(pattern: RegExp, write: string): Notation<string> {
  return {
    fromText: unchanged,
    parse(json) {
      if (typeof json === 'string' && pattern.test(json)) return json
      throw malformed(write)
    },
  }
}

export function wholeNumber(min: number, max: number): Notation<number> {
  return {
    fromText: (digits) => (/^\d{1,15}$/.test(digits) ? Number(digits) : undefined),
    parse(json) {
      if (Number.isSafeInteger(json) && Number(json) >= min && Number(json) <= max) return Number(json)
      throw malformed(`Write a whole number from ${min} to ${max}.`)
    },
  }
}

export function oneOf<const Word extends string>(words: readonly Word[]): Notation<Word> {
  return {
    fromText: unchanged,
    parse(json) {
      const known = words.find((word) => word === json)
      if (known !== undefined) return known
      throw malformed(`Write one of: ${words.join(', ')}.`)
    },
  }
}

export const yesOrNo: Notation<boolean> = {
  fromText: (word) => ({ true: true, false: false })[word],
  parse(json) {
    if (typeof json === 'boolean') return json
    throw malformed('Write true or false.')
  },
}

/** A length of time, as text. @param least in milliseconds */
export function duration(least: number): Notation<Duration> {
  return {
    fromText: unchanged,
    parse(json) {
      const written = typeof json === 'string' ? json : ''
      if (parseDuration(written) < least) throw malformed(`Write a duration of ${least} ms or more.`)
      return written as Duration
    },
  }
}

/** Also takes "none" in flags and variables, and null in the file. */
export function orNone<Value>({ fromText, parse }: Notation<Value>): Notation<Value | null> {
  return {
    fromText: (written) => (written === 'none' ? null : fromText(written)),
    parse: (json) => (json === null ? null : parse(json)),
  }
}

export function scopeList(least: number): Notation<readonly string[]> {
  const isScope = (part: unknown) =>
    typeof part === 'string' && part.length <= MAX_SCOPE_LENGTH && SCOPE_PATTERN.test(part)
  return {
    fromText: (list) => list.split(',').map((part) => part.trim()),
    parse(json) {
      const sound = Array.isArray(json) && json.length <= MAX_SCOPES && json.every(isScope)
      if (sound && json.length >= least) return json as string[]
      throw malformed(
        `Write scopes such as read:users, ${MAX_SCOPES} at most: a list with commas, or a JSON array in the file.`,
      )
    },
  }
}
