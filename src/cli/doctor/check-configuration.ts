import { isIP } from 'node:net'
import type { InspectedSettings } from '../settings/read-settings.ts'
import type { Setting } from '../settings/setting.ts'
import { SETTINGS } from '../settings/settings.ts'
import { type DoctorFinding, finding } from './finding.ts'
import { isExposed } from './is-exposed.ts'

/** What is allowed and yet unwise. */
export function checkConfiguration({ settings, file, fromFile }: InspectedSettings): DoctorFinding[] {
  const findings: DoctorFinding[] = []
  const secrets = fromFile.filter(
    (name) => (SETTINGS[name] as Setting<unknown>).secret && name !== 'databaseUrl',
  )
  if (file !== undefined && secrets.length > 0 && isExposed(file)) {
    findings.push(
      finding(
        'configuration.file_exposed',
        `Other users of this machine can read ${file}, which holds ${secrets.join(' and ')}.`,
        `Run "chmod 600 ${file}", or move the secrets into the environment.`,
      ),
    )
  }
  if (settings.rootKey !== null && isGuessable(settings.rootKey)) {
    findings.push(
      finding(
        'root_key.weak',
        'KEYSMITH_ROOT_KEY looks like no random secret: few different characters, or words.',
        'Make one from a secure random source: openssl rand -hex 32.',
      ),
    )
  }
  if (!isLoopback(settings.host)) {
    findings.push(
      finding(
        'server.exposed',
        `The server listens on ${settings.host}, beyond this machine, and speaks HTTP without TLS.`,
        'Put a proxy with TLS in front of it, or listen on 127.0.0.1.',
      ),
    )
  }
  return findings
}

const MIN_BITS = 100

// Shannon's estimate from the characters' own frequencies, and no secret without digits: what people type has
// fewer bits than what openssl, uuidgen or a password manager makes.
function isGuessable(secret: string): boolean {
  const counts = new Map<string, number>()
  for (const character of secret) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= count * Math.log2(count / secret.length)
  return bits < MIN_BITS || !/\d/.test(secret)
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === '::1' || host === 'localhost'
}
