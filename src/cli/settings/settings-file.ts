import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { InputIssue } from '../../core/errors.ts'

export interface SettingsFile {
  /** Absolute; undefined when there is none. */
  readonly path: string | undefined
  readonly lines: Readonly<Record<string, unknown>>
  readonly problems: readonly InputIssue[]
}

/** Reads the file of settings. One that was asked for must be there; the one of the working folder need not. */
export function readSettingsFile(folder: string, wanted: string | undefined, standard: string): SettingsFile {
  const path = resolve(folder, wanted ?? standard)
  const problem = (message: string) => ({
    path,
    lines: {},
    problems: [{ path: 'config', message: `${path}: ${message}` }],
  })
  let json: string
  try {
    json = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && wanted === undefined) return { path: undefined, lines: {}, problems: [] }
    return problem(`the file of settings can't be read (${code}). Check its path and permissions.`)
  }
  try {
    const lines: unknown = JSON.parse(json)
    if (typeof lines === 'object' && lines !== null && !Array.isArray(lines)) {
      return { path, lines: { ...lines }, problems: [] }
    }
    return problem('write a JSON object, such as {"port": 8787}.')
  } catch (error) {
    return problem(`this is not JSON${lineOf(error, json)}. Write an object such as {"port": 8787}.`)
  }
}

// The parser's own message quotes the text around the error, which may be a secret.
function lineOf(error: unknown, json: string): string {
  const position = /position (\d+)/.exec(String(error))?.[1]
  return position === undefined ? '' : `, from line ${json.slice(0, Number(position)).split('\n').length} on`
}
