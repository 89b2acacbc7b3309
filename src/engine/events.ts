import type { Actor } from '../core/audit.ts'
import type { DenialCode, ErrorCode } from '../core/errors.ts'
import type { Key } from '../core/key.ts'
import type { Logger } from '../core/logger.ts'
import { isPromise } from '../core/maybe-promise.ts'
import type { Rotation } from '../core/rotation.ts'

interface KeyEvent {
  readonly key: Key
  readonly actor?: Actor | undefined
}

interface StateEvent extends KeyEvent {
  readonly reason: string | null
}

/** What happens, and what listeners are told of it. No event holds a raw key or a hash. */
export interface KeysmithEvents {
  'key.created': KeyEvent
  'key.create_failed': {
    readonly code: ErrorCode | undefined
    readonly message: string
    readonly actor?: Actor | undefined
  }
  'key.validated': { readonly key: Key }
  /** `identifier` is missing when the raw key was malformed, `key` before the secret was proved. */
  'key.validation_failed': { readonly code: DenialCode; readonly identifier?: string; readonly key?: Key }
  'key.rotated': KeyEvent & { readonly rotation: Rotation }
  'key.revoked': StateEvent
  'key.suspended': StateEvent
  'key.reactivated': StateEvent
  'key.purged': StateEvent
  /** The right raw key of an expired key was shown. */
  'key.expired': KeyEvent
  shutdown: Record<string, never>
}

export type EventName = keyof KeysmithEvents
export type Listener<Name extends EventName> = (event: KeysmithEvents[Name]) => unknown

export interface Events {
  /** Calls a listener from now on, after the change was stored. Returns a function that stops it. */
  on<Name extends EventName>(name: Name, listener: Listener<Name>): () => void
  /** Tells the listeners; `event` is made only when there is one. Each gets a copy; what one throws is logged, no more. */
  emit<Name extends EventName>(name: Name, event: () => KeysmithEvents[Name]): void
}

export function createEvents(logger: Logger): Events {
  const listeners = new Map<EventName, Set<Listener<never>>>()
  return {
    on(name, listener) {
      const group = listeners.get(name) ?? new Set()
      listeners.set(name, group.add(listener))
      return () => void group.delete(listener)
    },
    emit(name, event) {
      const group = listeners.get(name)
      if (!group || group.size === 0) return
      const failed = (error: unknown) => logger.error({ err: error, event: name }, 'an event listener failed')
      const payload = event()
      for (const listener of [...group]) {
        try {
          const answer: unknown = listener(structuredClone(payload) as never)
          if (isPromise(answer)) Promise.resolve(answer).catch(failed)
        } catch (error) {
          failed(error)
        }
      }
    },
  }
}
