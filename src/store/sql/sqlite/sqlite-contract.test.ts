import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { testStoreContract } from '../../../testing/store-contract.ts'
import { sqlite } from './sqlite.ts'
import { openHandle } from './sqlite-handle.ts'

describe('in a file', () => {
  testStoreContract({
    describe,
    it,
    open: () => {
      const folder = mkdtempSync(join(tmpdir(), 'keysmith-'))
      return {
        store: sqlite(join(folder, 'keysmith.db')),
        dispose: () => rmSync(folder, { recursive: true }),
      }
    },
  })
})

describe('in memory', () => {
  testStoreContract({ describe, it, open: () => ({ store: sqlite(':memory:') }) })
})

describe('on a handle of the caller', () => {
  testStoreContract({
    describe,
    it,
    open: () => {
      const handle = openHandle(':memory:')
      return { store: sqlite(handle), dispose: () => void handle.close() }
    },
  })
})
