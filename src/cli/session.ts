import type { Caller } from '../core/audit.ts'
import type { Keysmith } from '../engine/surface.ts'
import type { Settings } from './settings/settings.ts'

/** What a command works with. */
export interface Session {
  readonly keysmith: Keysmith
  readonly caller: Caller
  readonly settings: Settings
  /** Shows the result: JSON for programs with `--json`, text for people without. */
  show(json: unknown, text: () => string): void
  readonly json: boolean
}
