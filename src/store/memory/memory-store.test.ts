import { describe, it } from 'vitest'
import { testStoreContract } from '../../testing/store-contract.ts'
import { memory } from './memory-store.ts'

testStoreContract({ describe, it, open: () => ({ store: memory() }) })
