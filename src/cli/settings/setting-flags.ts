import { type Command, Option } from 'commander'
import type { SettingSources } from './read-settings.ts'
import type { Setting } from './setting.ts'
import { CONFIG, SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts'

/** A flag that sets a setting, as opposed to one of the command's own. */
class SettingOption extends Option {
  readonly setting: SettingName | 'config'

  constructor(setting: SettingName | 'config', flag: string, description: string) {
    super(flag, description)
    this.setting = setting
    this.helpGroup('Settings (docs/reference/settings.md):')
  }
}

/** Gives a command the flags of settings. A flag that the command has already keeps its own meaning. */
export function addSettingFlags(command: Command, which: 'all' | 'engine'): void {
  command.addOption(new SettingOption('config', CONFIG.flag, `${CONFIG.doc} [${CONFIG.env}]`))
  for (const name of SETTING_NAMES) {
    const { flag, doc, env, sharedEnv, serverOnly }: Setting<unknown> = SETTINGS[name]
    if (flag === undefined || (which === 'engine' && serverOnly)) continue
    const option = new SettingOption(
      name,
      flag,
      `${flag.startsWith('--no-') ? `Set ${name} to false. ` : ''}${doc} [${sharedEnv ? `${env}, ${sharedEnv}` : env}]`,
    )
    if (!command.options.some(({ long }) => long === option.long)) command.addOption(option)
  }
}

/** Where the settings of a command come from: its flags and those before it, the environment, the file. */
export function settingSources(command: Command): SettingSources {
  const flags = new Map<SettingName | 'config', string>()
  for (let at: Command | null = command; at; at = at.parent) {
    for (const option of at.options) {
      const attribute = option.attributeName()
      if (!(option instanceof SettingOption) || flags.has(option.setting)) continue
      if (at.getOptionValueSource(attribute) === 'cli') {
        flags.set(option.setting, String(at.getOptionValue(attribute)))
      }
    }
  }
  return { flags, env: process.env, folder: process.cwd() }
}
