import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/logger.ts'
import type { Turns } from '../core/turns.ts'
import type { Store } from '../store/store.ts'
import type { RawKeyFormat } from '../token/format.ts'
import type { Hashers } from '../token/hashers.ts'
import type { Background } from './background.ts'
import type { Events } from './events.ts'
import type { ClaimsUnderWay } from './idempotency.ts'
import type { LastUsed } from './last-used.ts'
import type { LookUp } from './look-up.ts'

/** What every capability works with: the ports, and the parts of the engine that keep something. */
export interface Engine {
  readonly store: Store
  readonly clock: Clock
  readonly logger: Logger
  readonly formats: readonly RawKeyFormat[]
  readonly hashers: Hashers
  readonly events: Events
  readonly lookUp: LookUp
  readonly lastUsed: LastUsed
  readonly background: Background
  readonly claims: ClaimsUnderWay
  /** Changes of one key in this process take turns, so that only other processes can come in between. */
  readonly turns: Turns
  readonly rules: Rules
}

/** What keys are like when their creator does not say, and what they may be like. */
export interface Rules {
  readonly prefix: string
  readonly environment: string
  /** Lifetime of a new key in milliseconds; null: none. */
  readonly defaultExpiry: number | null
  /** How long a replaced raw key verifies, in milliseconds. */
  readonly gracePeriod: number
  /** The scopes that keys can hold; missing: any. */
  readonly availableScopes?: readonly string[] | undefined
  readonly defaultScopes: readonly string[]
}
