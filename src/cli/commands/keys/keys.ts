import type { Command } from 'commander'
import { addStateChanges } from './change-state.ts'
import { addCreateKey } from './create.ts'
import { addDeleteKey } from './delete.ts'
import { addKeyScopes } from './key-scopes.ts'
import { addReadKeys } from './read.ts'
import { addRotateKey } from './rotate.ts'
import { addUpdateKey } from './update.ts'
import { addVerifyKey } from './verify.ts'

/** `keysmith keys` */
export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description('Issue, verify, rotate and end keys. A key is named by its id or its identifier.')
  addCreateKey(keys)
  addReadKeys(keys)
  addVerifyKey(keys)
  addUpdateKey(keys)
  addRotateKey(keys)
  addStateChanges(keys)
  addDeleteKey(keys)
  addKeyScopes(keys)
}
