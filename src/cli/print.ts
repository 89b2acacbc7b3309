import { CHECKSUM_LENGTH, MIN_SECRET_LENGTH } from '../token/native-format.ts'

/** Writes a line for whoever reads the result: standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Writes one JSON value: times in ISO 8601, as the HTTP API writes them. */
export function printJson(value: unknown): void {
  print(JSON.stringify(value))
}

/** Writes a line for the person at the terminal: standard error, so that results can be piped. */
export function tell(text: string): void {
  process.stderr.write(`${withoutRawKeys(text)}\n`)
}

// Of any secret length, and with a secret that is cut or mistyped.
const RAW_KEY = /([a-z][a-z0-9_]{0,15}_[a-z][a-z0-9]{0,15}_[0-9A-Za-z]{12})_[0-9A-Za-z]{8,}/g

// Of any prefix and secret length. Stricter than the one above: names with long words and "_" are no raw keys.
const WHOLE_RAW_KEY = new RegExp(
  `[a-z][a-z0-9_]{0,15}_[a-z][a-z0-9]{0,15}_[0-9A-Za-z]{12}_[0-9A-Za-z]{${MIN_SECRET_LENGTH + CHECKSUM_LENGTH}}`,
)

export function holdsRawKey(text: string): boolean {
  return WHOLE_RAW_KEY.test(text)
}

/** Cuts raw keys down to their identifiers: a mistaken argument is quoted in errors, and errors end up in logs. */
export function withoutRawKeys(text: string): string {
  return text.replace(RAW_KEY, '$1_…')
}

/** Text from outside for a terminal: control characters could move its cursor, colour it, or type into it. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) =>
    character === '\n' ? '↵' : `\\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  )
}

/** Lets a reader such as `head` close the pipe early. */
export function outliveBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
