import { userInfo } from 'node:os'
import type { Command } from 'commander'
import type { Caller } from '../core/audit.ts'
import type { Logger } from '../core/logger.ts'
import { databasePath, isAbsent, openKeysmith } from './open-keysmith.ts'
import { print, printJson, tell } from './print.ts'
import type { Session } from './session.ts'
import { readSettings } from './settings/read-settings.ts'
import { settingSources } from './settings/setting-flags.ts'

/** Reads the settings of a command and opens their database. */
export async function openSession(command: Command): Promise<Session> {
  const settings = readSettings(settingSources(command))
  const json = command.opts<{ json?: boolean }>().json === true
  const path = databasePath(settings)
  const isNew = isAbsent(path)
  const keysmith = await openKeysmith(settings, plainLogger)
  if (isNew) tell(`A new database was made: ${path}`)
  return {
    keysmith,
    caller: cliCaller(),
    settings,
    json,
    show: (value, text) => (json ? printJson(value) : print(text())),
  }
}

/** The user of this machine who runs the command, for the audit trail: no other actor has such an id. */
function cliCaller(): Caller {
  return { actor: { type: 'cli', id: `cli:${userName()}` } }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid:${process.getuid?.() ?? 'unknown'}` // in containers, a user without a name
  }
}

const plainLogger: Logger = {
  warn: ({ err }, message) => tell(`warning: ${message}${reason(err)}`),
  error: ({ err }, message) => tell(`error: ${message}${reason(err)}`),
}

const reason = (error: unknown) => (error instanceof Error ? `: ${error.message}` : '')
