import { KeysmithError } from '../../../core/errors.ts'

// Raw keys have 155 characters at most. Beyond this it is something else, and not worth reading to its end.
const MAX_INPUT = 16_384

/** The raw key from standard input: piped, or typed without being shown. */
export async function readRawKey(): Promise<string> {
  const input = process.stdin.isTTY ? await prompt() : await readPiped()
  const rawKey = input.replace(/\r?\n$/, '')
  if (rawKey !== '') return rawKey
  throw new KeysmithError(
    'invalid_request',
    'No raw key came on standard input. Pipe it in: echo "$KEY" | keysmith keys verify.',
  )
}

async function readPiped(): Promise<string> {
  let input = ''
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    input += chunk
    if (input.length > MAX_INPUT) throw tooLong()
  }
  return input
}

const BACKSPACES = '\b\x7f'
const CONTROL_C = '\x03'
const CONTROL_D = '\x04'

async function prompt(): Promise<string> {
  const { stdin } = process
  process.stderr.write('Raw key (it is not shown): ')
  stdin.setEncoding('utf8').setRawMode(true).resume()
  let typed = ''
  try {
    for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
      for (const character of String(chunk)) {
        if (character === '\r' || character === '\n' || character === CONTROL_D) return typed
        if (character === CONTROL_C) throw new KeysmithError('invalid_request', 'Cancelled.')
        typed = BACKSPACES.includes(character) ? typed.slice(0, -1) : typed + character
        if (typed.length > MAX_INPUT) throw tooLong()
      }
    }
    return typed
  } finally {
    stdin.setRawMode(false).pause()
    process.stderr.write('\n')
  }
}

const tooLong = () =>
  new KeysmithError('invalid_request', 'What came on standard input is too long for a raw key.')
