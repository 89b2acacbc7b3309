import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { FINDINGS } from './doctor/finding.ts'
import { EXIT_MEANINGS } from './exit-codes.ts'
import { commandsOf, createProgram } from './program.ts'

const program = createProgram()
const commands = commandsOf(program)
const doc = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8')

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  return help
}

const inCode = (pattern: RegExp) => [...doc.matchAll(pattern)].map(([, name]) => name)

describe('the help', () => {
  it.each(commands.map((command) => [pathOf(command), command] as const))(
    'of "%s" says what it does, and has an example that names it',
    (path, command) => {
      const help = helpOf(command)
      expect(command.description()).toMatch(/\.$/)
      expect(help).toMatch(new RegExp(`\\nExample:\\n(.*\\n)*.*${path}`))
    },
  )

  it('of "keysmith" lists the exit codes', () => {
    const help = helpOf(program)
    for (const [code, meaning] of Object.entries(EXIT_MEANINGS)) expect(help).toContain(`${code}  ${meaning}`)
  })

  it('offers no flag for a secret, and --json for all that print a result', () => {
    for (const command of commands) {
      const flags = command.options.map(({ long }) => long)
      expect(flags).not.toContain('--root-key')
      expect(flags).not.toContain('--peppers')
      expect(flags.includes('--json')).toBe(pathOf(command) !== 'keysmith serve')
      expect(new Set(flags).size).toBe(flags.length)
    }
  })
})

describe('docs/reference/cli.md', () => {
  it('has every command, and no other', () => {
    expect(inCode(/^\| `(keysmith [a-z ]+?)(?: [<[].*?)?` \|/gm)).toEqual(commands.map(pathOf))
  })

  it('has every exit code with its meaning', () => {
    const rows = Object.entries(EXIT_MEANINGS).map(([code, meaning]) => `| ${code} | ${meaning} |`)
    expect(doc.split('\n').filter((line) => /^\| \d \|/.test(line))).toEqual(rows)
  })

  it('has every finding of the doctor with its severity', () => {
    const rows = Object.entries(FINDINGS).map(([id, severity]) => `| \`${id}\` | ${severity} |`)
    const found = doc.split('\n').filter((line) => /^\| `[a-z_]+\.[a-z_]+` \|/.test(line))
    expect(found.map((line) => line.split('|').slice(0, 3).join('|').concat('|'))).toEqual(rows)
  })
})
