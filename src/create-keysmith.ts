import { composeKeysmith } from './engine/keysmith.ts'
import type { KeysmithOptions } from './engine/options.ts'
import type { Keysmith } from './engine/surface.ts'
import { memory } from './store/memory/memory-store.ts'
import type { Store } from './store/store.ts'

export interface CreateKeysmithOptions<Scope extends string = string> extends KeysmithOptions<Scope> {
  /** Where keys are kept; in memory, until the process ends, when missing. */
  readonly store?: Store
}

/**
 * Makes a Keysmith: API keys inside your process. Opens nothing until it is first used.
 *
 * @throws {KeysmithError} `invalid_configuration` that names the option
 * @example
 * const keysmith = createKeysmith({ store: sqlite('keysmith.db'), availableScopes: ['read:users', 'write:users'] })
 * const { key, rawKey } = await keysmith.keys.create({ name: 'billing', scopes: ['read:users'] })
 * const result = await keysmith.keys.verify(rawKey, { scopes: ['read:users'] })
 */
export function createKeysmith<const Scope extends string = string>({
  store = memory(),
  ...options
}: CreateKeysmithOptions<Scope> = {}): Keysmith<Scope> {
  return composeKeysmith(store, options)
}
