/**
 * What the compiler must know of the library, and what it must refuse. Checked by `npm run types`; never run.
 */
import { expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import type * as input from '../../src/core/key-input.ts'
import {
  type CreatedKey,
  type CreateKeyInput,
  type CreateOptions,
  createKeysmith,
  type DenialCode,
  type ErrorCode,
  type ImportKeyInput,
  InvalidKeyError,
  type IssuedKey,
  isKeysmithError,
  type Key,
  type Keysmith,
  KeysmithError,
  type RotateKeyInput,
  type ScopeRequirement,
  type ScopesWithin,
  type UpdateKeyInput,
  type VerifyRequest,
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

test('scopes below available ones, and management scopes, can be given and required', () => {
  const layered = createKeysmith({ availableScopes: ['read', 'write:users'], defaultScopes: ['read:users'] })
  expectTypeOf(layered).toEqualTypeOf<Keysmith<'read' | 'write:users'>>()
  void layered.keys.create({ name: 'billing', scopes: ['read', 'read:users', 'write:users:own', 'read:*'] })
  void layered.keys.create({ name: 'gateway', scopes: ['keysmith', 'keysmith:keys:verify'] })
  void layered.keys.update('akey_1', { scopes: ['read:users'] })
  void layered.keys.assignScopes('akey_1', ['read:users', 'keysmith:keys'])
  void layered.keys.verify('raw', { scopes: { any: ['read:users', 'keysmith:audit:read'] } })
  expectTypeOf<Key<'read'>['scopes'][number]>().toEqualTypeOf<
    'read' | `read:${string}` | 'keysmith' | `keysmith:${string}`
  >()
  // @ts-expect-error above what is available
  void layered.keys.create({ name: 'billing', scopes: ['write'] })
  // @ts-expect-error beside what is available
  void layered.keys.create({ name: 'billing', scopes: ['readers'] })
  // @ts-expect-error beside what is available
  void layered.keys.verify('raw', { scopes: 'write:teams' })
  // @ts-expect-error beside the management scopes
  void layered.keys.verify('raw', { scopes: 'keysmiths' })
  // @ts-expect-error keys get management scopes by name, never by default
  createKeysmith({ availableScopes: ['read'], defaultScopes: ['keysmith:keys'] })
})

test('wildcards that are available let in what they cover', () => {
  expectTypeOf<ScopesWithin<'*'>>().toEqualTypeOf<string>()
  expectTypeOf<ScopesWithin<string>>().toEqualTypeOf<string>()
  const users: ScopeRequirement<'users:*'> = ['users:*', 'users:read']
  // @ts-expect-error users:* does not cover users
  const above: ScopeRequirement<'users:*'> = 'users'
  void [users, above]
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
    expectTypeOf(result.scopes).toEqualTypeOf<readonly ScopesWithin<Scope>[]>()
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

test('durations are a number and a unit', () => {
  void keysmith.keys.create({ name: 'billing', expiresIn: '90d' })
  void keysmith.keys.rotate('akey_1', { gracePeriod: '1.5h' })
  // @ts-expect-error no such unit
  void keysmith.keys.create({ name: 'billing', expiresIn: '90 days' })
  // @ts-expect-error no unit
  void keysmith.keys.rotate('akey_1', { gracePeriod: '24' })
  // @ts-expect-error no such unit
  createKeysmith({ defaultExpiry: '3 months' })
})

/** What a schema takes, read-only as the written-out types are. */
type Taken<Schema extends z.ZodType> = {
  readonly [Field in keyof z.input<Schema>]: z.input<Schema>[Field] extends readonly string[] | undefined
    ? readonly string[] | undefined
    : z.input<Schema>[Field]
}
/** All fields of a type as one, so that types can be told to be the same. */
type Flat<Type> = { [Field in keyof Type]: Type[Field] }

test('inputs that are written out are those that are checked', () => {
  expectTypeOf<CreateKeyInput>().toEqualTypeOf<Taken<typeof input.CreateKeyInput>>()
  expectTypeOf<Flat<ImportKeyInput>>().toEqualTypeOf<Taken<typeof input.ImportKeyInput>>()
  expectTypeOf<UpdateKeyInput>().toEqualTypeOf<Taken<typeof input.UpdateKeyInput>>()
  expectTypeOf<RotateKeyInput>().toEqualTypeOf<Taken<typeof input.RotateKeyInput>>()
  expectTypeOf<VerifyRequest>().toEqualTypeOf<Taken<typeof input.VerifyKeyInput>>()
})

test('a new key has its raw key, unless its creation may be a repetition', async () => {
  const caller = { actor: { type: 'user', id: 'user_1' } } as const
  const issued = await keysmith.keys.create({ name: 'billing' })
  expectTypeOf(issued).toEqualTypeOf<IssuedKey<Scope>>()
  expectTypeOf(issued.rawKey).toEqualTypeOf<string>()
  const onBehalf = await keysmith.keys.create({ name: 'billing' }, caller)
  expectTypeOf(onBehalf.rawKey).toEqualTypeOf<string>()
  void keysmith.keys.verify(issued.rawKey)

  const once = await keysmith.keys.create({ name: 'billing' }, { ...caller, idempotencyKey: 'order-17' })
  expectTypeOf(once).toEqualTypeOf<CreatedKey<Scope>>()
  const options: CreateOptions = {}
  const perhapsOnce = await keysmith.keys.create({ name: 'billing' }, options)
  expectTypeOf(perhapsOnce.rawKey).toEqualTypeOf<string | undefined>()
  // @ts-expect-error a repetition has no raw key
  void keysmith.keys.verify(once.rawKey)
  // @ts-expect-error a number is no idempotency key
  void keysmith.keys.create({ name: 'billing' }, { idempotencyKey: 17 })
})

test('keys can not be changed in place', async () => {
  const { key } = await keysmith.keys.create({ name: 'billing' })
  expectTypeOf<CreatedKey<Scope>['key']>().toEqualTypeOf(key)
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
