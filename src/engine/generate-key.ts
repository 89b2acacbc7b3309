import { parseInput } from '../core/input.ts'
import { GenerateInput } from '../core/key-input.ts'
import type { Realm } from '../core/realm.ts'
import { formatOf } from './create-key.ts'
import type { Engine } from './engine.ts'

export interface GeneratedKey {
  readonly rawKey: string
  readonly identifier: string
  /** As `keys.import` takes it. */
  readonly hash: string
  readonly hint: string
}

/**
 * Makes a raw key that no stored key has, and stores nothing: what `keys.import` needs to make it a key later.
 * Nothing reserves it in between; `keys.import` refuses an identifier that was taken since.
 */
export async function generateKey(
  engine: Engine,
  _realm: Realm,
  input: GenerateInput = {},
): Promise<GeneratedKey> {
  const { prefix = engine.rules.prefix, environment = engine.rules.environment } = parseInput(
    GenerateInput,
    input,
  )
  const format = formatOf(engine, 'native')
  for (;;) {
    const { rawKey, identifier, lookup, hint } = format.issue({ prefix, environment })
    if (await engine.store.find(lookup)) continue
    return { rawKey, identifier, hash: await engine.hashers.hash(rawKey), hint }
  }
}
