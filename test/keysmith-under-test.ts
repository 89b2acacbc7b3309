import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type ErrorCode, KeysmithError } from '../src/core/errors.ts'
import { type CreateKeysmithOptions, createKeysmith } from '../src/create-keysmith.ts'
import type { CreatedKey } from '../src/engine/create-key.ts'
import type { KeysmithEvents } from '../src/engine/events.ts'
import type { Keysmith } from '../src/engine/surface.ts'
import { memory } from '../src/store/memory/memory-store.ts'
import { sqlite } from '../src/store/sql/sqlite/sqlite.ts'
import type { Store } from '../src/store/store.ts'

export const START = Date.UTC(2030, 0, 1)
export const SECOND = 1000
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** The stores that behaviour is tested on. */
export const STORES: readonly [name: string, make: () => Store][] = [
  ['memory', () => memory()],
  ['SQLite', () => sqlite(':memory:')],
]

export const EVENT_NAMES = [
  'key.created',
  'key.create_failed',
  'key.validated',
  'key.validation_failed',
  'key.rotated',
  'key.revoked',
  'key.suspended',
  'key.reactivated',
  'key.purged',
  'key.expired',
  'shutdown',
] as const satisfies readonly (keyof KeysmithEvents)[]

export interface UnderTest {
  readonly keysmith: Keysmith
  readonly store: Store
  /** What was logged, as [level, fields, message]. */
  readonly logged: [string, Record<string, unknown>, string][]
  /** What listeners were told. */
  readonly told: { name: string; event: unknown }[]
  /** The present. */
  readonly now: () => number
  /** Lets time pass. */
  readonly pass: (milliseconds: number) => void
}

/** A Keysmith whose time stands still until told; closed when the test ends. */
export function start(options: CreateKeysmithOptions = {}): UnderTest {
  let now = START
  const logged: UnderTest['logged'] = []
  const told: UnderTest['told'] = []
  const store = options.store ?? memory()
  const keysmith = createKeysmith({
    clock: () => now,
    logger: {
      warn: (fields, message) => void logged.push(['warn', fields, message]),
      error: (fields, message) => void logged.push(['error', fields, message]),
    },
    ...options,
    store,
  })
  for (const name of EVENT_NAMES) keysmith.on(name, (event) => told.push({ name, event }))
  onTestFinished(() => keysmith.close())
  return {
    keysmith,
    store,
    logged,
    told,
    now: () => now,
    pass(milliseconds) {
      now += milliseconds
    },
  }
}

/** A key and the raw key that it was made with. */
export async function issue(
  { keysmith }: { readonly keysmith: Pick<Keysmith, 'keys'> },
  input: Partial<Parameters<Keysmith['keys']['create']>[0]> = {},
): Promise<Required<CreatedKey>> {
  const { key, rawKey } = await keysmith.keys.create({ name: 'billing', ...input })
  if (rawKey === undefined) throw new Error('no raw key')
  return { key, rawKey }
}

/** What Keysmith threw; a test fails when nothing was thrown, or something else. */
export async function fault(call: Promise<unknown> | (() => unknown)): Promise<KeysmithError> {
  try {
    await (typeof call === 'function' ? call() : call)
  } catch (error) {
    if (error instanceof KeysmithError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

/** The code of what Keysmith threw. */
export async function faultCode(call: Promise<unknown> | (() => unknown)): Promise<ErrorCode> {
  return (await fault(call)).code
}

/** An empty folder that is removed when the test ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The path of an SQLite file that is not there yet. */
export const newFile = () => join(emptyFolder(), 'keysmith.db')

/** A store that counts how often it is asked. */
export function counting(store: Store): { store: Store; calls: (name: keyof Store) => number } {
  const counts = new Map<PropertyKey, number>()
  const counted = new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        counts.set(name, (counts.get(name) ?? 0) + 1)
        return Reflect.apply(member, target, args)
      }
    },
  })
  return { store: counted, calls: (name) => counts.get(name) ?? 0 }
}
