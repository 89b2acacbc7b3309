/**
 * A value that may already be there.
 *
 * The verify path answers without a promise where it can (a memory store, SQLite): each `await` that is not
 * needed costs more than the decision itself.
 */
export type MaybePromise<T> = T | Promise<T>

/** Whether a value has still to arrive. Any thenable has: promises of other realms are no `instanceof Promise`. */
export function isPromise<T>(value: MaybePromise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** Calls `next` with the value: at once when it is there, else when it arrives. */
export function whenReady<T, R>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
): MaybePromise<R> {
  return isPromise(value) ? Promise.resolve(value).then(next) : next(value)
}
