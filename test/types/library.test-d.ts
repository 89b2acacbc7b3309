/**
 * What the compiler must know of the library, and what it must refuse. Checked by `npm run types`; never run.
 */
import { expectTypeOf, test } from 'vitest'
import {
  type CreatedKey,
  createKeysmith,
  type DenialCode,
  type ErrorCode,
  InvalidKeyError,
  isKeysmithError,
  type Key,
  type Keysmith,
  KeysmithError,
  type VerifyResult,
} from '../../src/index.ts'

const keysmith = createKeysmith({
  availableScopes: ['read:users', 'write:users'],
  defaultScopes: ['read:users'],
})
type Scope = 'read:users' | 'write:users'

test('scopes are those given to createKeysmith', () => {
  expectTypeOf(keysmith).toEqualTypeOf<Keysmith<Scope>>()
  expectTypeOf(keysmith.keys.get).returns.resolves.toEqualTypeOf<Key<Scope>>()
  void keysmith.keys.create({ name: 'billing', scopes: ['write:users'] })
  // @ts-expect-error no available scope
  void keysmith.keys.create({ name: 'billing', scopes: ['write:user'] })
  // @ts-expect-error no available scope
  void keysmith.keys.update('akey_1', { scopes: ['*'] })
  // @ts-expect-error no available scope
  void keysmith.keys.assignScopes('akey_1', ['admin'])
  // @ts-expect-error no available scope
  void keysmith.forTenant({ tenantId: 'acme' }).keys.removeScopes('akey_1', ['admin'])
  // @ts-expect-error no available scope
  createKeysmith({ availableScopes: ['read:users'], defaultScopes: ['write:users'] })
})

test('required scopes are available ones, as a scope, a list, or nested', () => {
  void keysmith.keys.verify('raw', { scopes: 'read:users' })
  void keysmith.keys.verify('raw', {
    scopes: ['read:users', { any: ['write:users', { all: ['read:users'] }] }],
  })
  // @ts-expect-error a typo would lock everyone out
  void keysmith.keys.verify('raw', { scopes: 'read:usrs' })
  // @ts-expect-error a typo would lock everyone out
  void keysmith.keys.verify('raw', { scopes: { any: ['read:users', 'read:usrs'] } })
  // @ts-expect-error neither all nor any
  void keysmith.keys.verify('raw', { scopes: { some: ['read:users'] } })
})

test('without availableScopes any scope will do', () => {
  const open = createKeysmith()
  expectTypeOf(open).toEqualTypeOf<Keysmith<string>>()
  void open.keys.create({ name: 'billing', scopes: ['anything:goes'] })
})

test('an engine with scopes of its own can be passed where any engine will do', () => {
  const listKeys = (any: Pick<Keysmith['keys'], 'list' | 'get'>) => any.list()
  listKeys(keysmith.keys)
})

test('a result of verify is narrowed by valid', async () => {
  const result = await keysmith.keys.verify('raw')
  expectTypeOf(result).toEqualTypeOf<VerifyResult<Scope>>()
  // @ts-expect-error a denial need not have a key
  result.key.id
  if (result.valid) {
    expectTypeOf(result.code).toEqualTypeOf<'valid'>()
    expectTypeOf(result.key).toEqualTypeOf<Key<Scope>>()
    expectTypeOf(result.scopes).toEqualTypeOf<readonly Scope[]>()
    // @ts-expect-error only a denial can be tried again
    result.retryAfter
  } else {
    expectTypeOf(result.code).toEqualTypeOf<DenialCode>()
    expectTypeOf(result.key).toEqualTypeOf<Key<Scope> | undefined>()
    expectTypeOf(result.retryAfter).toEqualTypeOf<number | undefined>()
    // @ts-expect-error a denial grants nothing
    result.scopes
  }
})

test('codes can be switched on without a default', () => {
  const statusOf = (code: DenialCode | 'valid'): number => {
    switch (code) {
      case 'valid':
        return 200
      case 'invalid':
        return 401
      case 'expired':
      case 'revoked':
      case 'suspended':
      case 'rotated':
      case 'insufficient_scope':
        return 403
      default:
        return code satisfies never
    }
  }
  expectTypeOf(statusOf).returns.toBeNumber()
  // @ts-expect-error no code
  statusOf('unknown')
})

test('errors tell their code', () => {
  const error: unknown = new KeysmithError('key_not_found', 'There is no such key.')
  if (isKeysmithError(error, 'conflict')) {
    expectTypeOf(error.code).toEqualTypeOf<ErrorCode>()
    expectTypeOf(error.retryAfter).toEqualTypeOf<number | undefined>()
  }
  if (error instanceof InvalidKeyError) expectTypeOf(error.code).toEqualTypeOf<DenialCode>()
  // @ts-expect-error no code
  isKeysmithError(error, 'not_found')
  // @ts-expect-error no code
  new KeysmithError('not_found', '')
})

test('inputs refuse what they do not know', () => {
  // @ts-expect-error the name is missing
  void keysmith.keys.create({})
  // @ts-expect-error unknown field
  void keysmith.keys.create({ name: 'billing', state: 'revoked' })
  // @ts-expect-error a number is no duration
  void keysmith.keys.create({ name: 'billing', expiresIn: 90 })
  // @ts-expect-error unknown field
  void keysmith.keys.update('akey_1', { environment: 'test' })
  // @ts-expect-error unknown reason
  void keysmith.keys.rotate('akey_1', { reason: 'leaked' })
  // @ts-expect-error unknown field
  void keysmith.keys.revoke('akey_1', { because: 'leaked' })
  // @ts-expect-error unknown field
  void keysmith.keys.verify('raw', { scope: 'read:users' })
  // @ts-expect-error unknown state
  void keysmith.keys.list({ state: 'deleted' })
  // @ts-expect-error a tenant is what walls are made of
  keysmith.forTenant({})
  // @ts-expect-error unknown option
  createKeysmith({ databse: 'keysmith.db' })
  // @ts-expect-error a number is no duration
  createKeysmith({ gracePeriod: 3600 })
})

test('keys can not be changed in place', async () => {
  const { key, rawKey } = await keysmith.keys.create({ name: 'billing' })
  expectTypeOf<CreatedKey<Scope>['key']>().toEqualTypeOf(key)
  // a repetition by idempotency key has none
  expectTypeOf(rawKey).toEqualTypeOf<string | undefined>()
  // @ts-expect-error read-only
  key.state = 'active'
  // @ts-expect-error read-only
  key.scopes.push('write:users')
})

test('listeners get the event that they listen to', () => {
  expectTypeOf(keysmith.on).returns.toEqualTypeOf<() => void>()
  keysmith.on('key.rotated', (event) => expectTypeOf(event.rotation.graceEndsAt).toEqualTypeOf<Date>())
  keysmith.on('key.revoked', (event) => expectTypeOf(event.reason).toEqualTypeOf<string | null>())
  // @ts-expect-error no event
  keysmith.on('key.deleted', () => {})
  // @ts-expect-error no event holds a raw key
  keysmith.on('key.created', (event) => event.rawKey)
})
