import type { InputIssue } from '../../core/errors.ts'
import { CONFIG, SETTING_NAMES, SETTINGS, type SettingName } from './settings.ts'
import type { SettingsFile } from './settings-file.ts'

const PREFIX = 'KEYSMITH_'
// What Kubernetes sets beside KEYSMITH_PORT when a service of the namespace is called "keysmith".
const SERVICE_LINK = /^KEYSMITH_(SERVICE_(HOST|PORT)|PORT_\d+_(TCP|UDP|SCTP))(_[A-Z0-9_]+)?$/

const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name)

/** Variables with our prefix that mean nothing: a typing error must not leave a setting at its default. */
export function unknownVariables(env: Readonly<Record<string, string | undefined>>): InputIssue[] {
  const known = [CONFIG.env, ...SETTING_NAMES.map((name) => SETTINGS[name].env)]
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name) && !SERVICE_LINK.test(name))
    .map((name) => ({
      path: name,
      message: `Variable ${name} is no setting. Unset it, or use one of: ${known.join(', ')}.`,
    }))
}

/** Lines of the file that mean nothing. */
export function unknownLines({ path, lines }: SettingsFile): InputIssue[] {
  return Object.keys(lines)
    .filter((name) => !isSetting(name))
    .map((name) => ({
      path: name,
      message: `Line ${JSON.stringify(name)} of ${path} is no setting. Remove it, or use one of: ${SETTING_NAMES.join(', ')}.`,
    }))
}
