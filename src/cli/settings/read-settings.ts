import { type InputIssue, isKeysmithError, KeysmithError } from '../../core/errors.ts'
import { coversAll } from '../../core/scopes.ts'
import type { Setting } from './setting.ts'
import { CONFIG, SETTING_NAMES, SETTINGS, type SettingName, type Settings } from './settings.ts'
import { readSettingsFile, type SettingsFile } from './settings-file.ts'
import { unknownLines, unknownVariables } from './unknown-settings.ts'

export interface SettingSources {
  /** What the flags say, by the name of the setting; `config` is the path of the file. */
  readonly flags: ReadonlyMap<SettingName | 'config', string>
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working folder. */
  readonly folder: string
}

export interface InspectedSettings {
  /** With the default for each setting that has a problem. */
  readonly settings: Settings
  readonly problems: readonly InputIssue[]
  /** Path of the file that was read, if there is one. */
  readonly file: string | undefined
  /** The settings that the file decides. */
  readonly fromFile: readonly SettingName[]
}

/**
 * All settings: of flags, environment, file and default the first that has it. What another one overrides is not
 * judged.
 *
 * @throws {KeysmithError} `invalid_configuration` with everything that is wrong
 */
export function readSettings(sources: SettingSources): Settings {
  const { settings, problems } = inspectSettings(sources)
  if (problems.length === 0) return settings
  throw new KeysmithError('invalid_configuration', problems.map(({ message }) => message).join('\n'), {
    issues: problems,
  })
}

/** As {@link readSettings}, but tells what is wrong instead of throwing it. */
export function inspectSettings(sources: SettingSources): InspectedSettings {
  const wanted = sources.flags.get('config') ?? sources.env[CONFIG.env]
  const file = readSettingsFile(sources.folder, wanted, CONFIG.default)
  const problems = [...unknownVariables(sources.env), ...file.problems, ...unknownLines(file)]
  const fromFile: SettingName[] = []
  const settings = Object.fromEntries(
    SETTING_NAMES.map((name) => {
      const given = find(name, sources, file)
      if (given?.source === 'file') fromFile.push(name)
      return [name, given === undefined ? SETTINGS[name].default : read(name, given, problems)]
    }),
  ) as Settings
  if (problems.length === 0) problems.push(...contradictions(settings))
  return { settings, problems, file: file.path, fromFile }
}

interface Given {
  readonly source: 'flag' | 'environment' | 'file'
  /** Where it was written, for people. */
  readonly place: string
  readonly json: unknown
  readonly shown: string
}

function find(name: SettingName, { flags, env }: SettingSources, file: SettingsFile): Given | undefined {
  const setting: Setting<unknown> = SETTINGS[name]
  const flag = flags.get(name)
  if (flag !== undefined) {
    const place = `Flag ${setting.flag?.split(' ')[0]}`
    return { source: 'flag', place, json: setting.fromText(flag), shown: JSON.stringify(flag) }
  }
  for (const variable of [setting.env, setting.sharedEnv ?? setting.env]) {
    const text = env[variable]
    if (text === undefined || isServiceLink(text)) continue
    const place = `Variable ${variable}`
    return { source: 'environment', place, json: setting.fromText(text), shown: JSON.stringify(text) }
  }
  if (!Object.hasOwn(file.lines, name)) return undefined
  const json = file.lines[name]
  return { source: 'file', place: `Line "${name}" of ${file.path}`, json, shown: JSON.stringify(json) }
}

// Kubernetes gives every container of a namespace with a service "keysmith" the variable KEYSMITH_PORT=tcp://….
const isServiceLink = (value: string) => /^(tcp|udp|sctp):\/\//.test(value)

function read(name: SettingName, given: Given, problems: InputIssue[]): unknown {
  const setting: Setting<unknown> = SETTINGS[name]
  try {
    return setting.parse(given.json)
  } catch (error) {
    if (!isKeysmithError(error)) throw error
    const seen = setting.secret ? 'the value (not shown) can not be used' : `${given.shown} can not be used`
    problems.push({ path: name, message: `${given.place} (${name}): ${seen}. ${error.message}` })
    return setting.default
  }
}

function contradictions({ availableScopes, defaultScopes }: Settings): InputIssue[] {
  if (!availableScopes || coversAll(availableScopes, defaultScopes)) return []
  return [
    {
      path: 'defaultScopes',
      message: `Settings defaultScopes and availableScopes contradict each other: each default scope must be available. Available: ${availableScopes.join(', ')}.`,
    },
  ]
}
