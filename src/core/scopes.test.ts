import { describe, expect, it } from 'vitest'
import { isKeysmithError } from './errors.ts'
import {
  assertRequirement,
  covers,
  coversAll,
  holdsManagementScope,
  meets,
  SCOPE_PATTERN,
  type ScopeRequirement,
} from './scopes.ts'

describe('a granted scope', () => {
  it.each([
    ['read', 'read'],
    ['read', 'read:users'],
    ['read', 'read:users:own'],
    ['read:users', 'read:users:own'],
    ['read:*', 'read:users'],
    ['read:*', 'read:users:own'],
    ['*', 'read'],
    ['*', 'anything:at:all'],
    ['keysmith', 'keysmith:keys:create'],
    ['keysmith:*', 'keysmith:keys'],
  ])('%s covers %s', (granted, required) => {
    expect(covers(granted, required)).toBe(true)
  })

  it.each([
    ['read', 'readers'],
    ['read', 'reader:users'],
    ['read:users', 'read'],
    ['read:users', 'read:teams'],
    ['read:*', 'read'],
    ['read:*', 'readers:x'],
    ['Read', 'read'],
    ['read', 'write:read'],
    ['*', 'keysmith'],
    ['*', 'keysmith:keys:create'],
    ['read:users', '*'],
    ['read', 'constructor'],
  ])('%s does not cover %s', (granted, required) => {
    expect(covers(granted, required)).toBe(false)
  })

  it('of all that are wanted each must be covered', () => {
    expect(coversAll(['read', 'write:users'], ['read:x', 'write:users'])).toBe(true)
    expect(coversAll(['read'], ['read:x', 'write'])).toBe(false)
    expect(coversAll([], [])).toBe(true)
    expect(coversAll([], ['read'])).toBe(false)
  })
})

describe('a requirement', () => {
  const granted = ['read', 'write:users']

  it.each<[string, ScopeRequirement, boolean]>([
    ['one scope', 'read:users', true],
    ['one scope that lacks', 'delete', false],
    ['a list is all of it', ['read:users', 'write:users'], true],
    ['a list with one that lacks', ['read:users', 'write'], false],
    ['an empty list', [], true],
    ['all', { all: ['read', 'write:users'] }, true],
    ['any', { any: ['delete', 'read'] }, true],
    ['any of none that is held', { any: ['delete', 'admin'] }, false],
    ['nested', { any: ['admin', { all: ['read:users', ['write:users']] }] }, true],
    ['nested that lacks', { all: ['read', { any: ['admin', 'write'] }] }, false],
  ])('%s', (_, required, met) => {
    expect(meets(granted, required)).toBe(met)
  })

  it.each<[string, unknown]>([
    ['null', null],
    ['a number', 7],
    ['an empty text', ''],
    ['a text that is no scope', 'read users'],
    ['an empty object', {}],
    ['any of nothing', { any: [] }],
    ['both all and any', { all: ['read'], any: ['read'] }],
    ['a field too many', { all: ['read'], some: [] }],
    ['a typo', { anyOf: ['read'] }],
    ['all that is no list', { all: 'read' }],
    ['a malformed part', ['read', { any: [null] }]],
    ['nesting beyond 8', Array.from({ length: 10 }).reduce((inner: unknown) => [inner], 'read')],
  ])('that can not be read never lets through: %s', (_, required) => {
    try {
      assertRequirement(required as ScopeRequirement)
    } catch (error) {
      expect(isKeysmithError(error, 'invalid_request')).toBe(true)
      return
    }
    expect.unreachable()
  })

  it('named like a member of every object is met by nobody', () => {
    for (const name of ['constructor', '__proto__', 'toString']) expect(meets(granted, name)).toBe(false)
  })
})

describe('a scope name', () => {
  it.each(['*', 'read', 'read:*', 'read:users', 'a.b/c-d_e:F9', '_x', '0'])('can be %s', (name) => {
    expect(SCOPE_PATTERN.test(name)).toBe(true)
  })

  it.each(['', ' ', 'read ', 'read:', ':read', 'read::x', '*:read', 're*d', 'read:*:x', '-x', 'é', 'a\n'])(
    'can not be %j',
    (name) => {
      expect(SCOPE_PATTERN.test(name)).toBe(false)
    },
  )

  it('that begins with keysmith keys Keysmith itself', () => {
    expect(holdsManagementScope(['read', 'keysmith:keys'])).toBe(true)
    expect(holdsManagementScope(['keysmith'])).toBe(true)
    expect(holdsManagementScope(['keysmithy', '*', 'read:keysmith'])).toBe(false)
  })
})
