import type { Store } from '../store/store.ts'

/** What a store has to do, in a sentence, and a check of it on a new store. */
export type Cases = Readonly<Record<string, (store: Store) => Promise<void>>>
