import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Setting } from './setting.ts'
import { CONFIG, SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts'

const doc = readFileSync(new URL('../../../docs/reference/settings.md', import.meta.url), 'utf8')

const code = (text: string) => `\`${text}\``

function documented(name: SettingName): string {
  const { env, sharedEnv, flag, example, default: value, doc }: Setting<unknown> = SETTINGS[name]
  const none = value === null || (Array.isArray(value) && value.length === 0)
  const line = code(`"${name}": ${JSON.stringify(example)}`)
  const cells = [
    code(name),
    sharedEnv ? `${code(env)}, else ${code(sharedEnv)}` : code(env),
    flag ? code(flag) : '–',
    line,
    none ? 'none' : code(String(value)),
    doc,
  ]
  return `| ${cells.join(' | ')} |`
}

describe('the table of settings', () => {
  it('is what docs/reference/settings.md says, line by line', () => {
    const rows = doc.split('\n').filter((line) => /^\| `/.test(line))
    expect(rows).toEqual(SETTING_NAMES.map(documented))
  })

  it('is documented with the variable and flag of its file', () => {
    for (const part of [CONFIG.env, CONFIG.flag, CONFIG.default]) expect(doc).toContain(code(part))
  })

  it('gives every setting a variable of its own, and secrets of the server no flag', () => {
    const variables = SETTING_NAMES.map((name) => SETTINGS[name].env)
    expect(new Set(variables).size).toBe(variables.length)
    expect(variables.filter((name) => !name.startsWith('KEYSMITH_'))).toEqual([])
    expect(SETTINGS.rootKey).not.toHaveProperty('flag')
    expect(SETTINGS.peppers).not.toHaveProperty('flag')
  })

  it.each(SETTING_NAMES)('has a default of %s that its parser accepts, or none', (name) => {
    const { default: value, parse }: Setting<unknown> = SETTINGS[name]
    const none = value === null || (Array.isArray(value) && value.length === 0)
    if (!none) expect(parse(value)).toEqual(value)
  })
})
