import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { isKeysmithError, type KeysmithError } from './errors.ts'
import {
  DurationText,
  Instant,
  MetadataObject,
  Name,
  Prefix,
  pageFields,
  parseInput,
  TenantId,
} from './input.ts'
import { CreateKeyInput } from './key-input.ts'

function refused(schema: z.ZodType, input: unknown): KeysmithError {
  try {
    parseInput(schema, input)
  } catch (error) {
    if (isKeysmithError(error, 'invalid_request')) return error
    throw error
  }
  throw new Error(`accepted: ${JSON.stringify(input)}`)
}

describe('an input', () => {
  it('that is wrong in several places is told all of them, with their paths', () => {
    const { issues, message } = refused(CreateKeyInput, {
      name: 'a\nb',
      scopes: ['a b'],
      state: 'active',
      id: 'x',
    })
    expect(issues.map(({ path }) => path).sort()).toEqual(['id', 'name', 'scopes.0', 'state'])
    expect(message).toMatch(/^\w+(\.\d+)?: /)
  })

  it.each([
    JSON.parse('{"name":"x","__proto__":{"admin":true}}'),
    { name: 'x', constructor: { prototype: {} } },
    { name: 'x', tenant: 'acme' },
  ])('with a field that is not known is refused: %j', (input) => {
    refused(CreateKeyInput, input)
    expect(Object.prototype).not.toHaveProperty('admin')
  })

  it.each([null, undefined, 'x', 7, [[]], [[{ name: 'x' }]]])('that is no object is refused: %j', (input) => {
    expect(refused(CreateKeyInput, input).message).toMatch(/^input: /)
  })
})

describe('a name', () => {
  it.each([
    `"><img src=x onerror=alert(1)>`,
    `=HYPERLINK("http://x")`,
    '日本 🔑',
    `o'Neill`,
    'x'.repeat(200),
  ])('is kept as it is: %s', (name) => {
    expect(parseInput(Name, name)).toBe(name)
  })

  it.each(['', ' ', 'a\nb', 'a\0b', '\u001b[2J', '\ud800', 'x'.repeat(201), 7, [['x']]])(
    'is not %j',
    (name) => {
      refused(Name, name)
    },
  )
})

describe('metadata', () => {
  it('is kept, copied and frozen all the way down', () => {
    const given = { team: { members: ['ada'] }, count: 1, none: null }
    const kept = parseInput(MetadataObject, given)
    expect(kept).toEqual(given)
    given.team.members.push('eve')
    expect(kept).toEqual({ team: { members: ['ada'] }, count: 1, none: null })
    expect(Object.isFrozen((kept as typeof given).team.members)).toBe(true)
  })

  it('has 16 levels at most; 10,000 are refused without exhausting the stack', () => {
    const nested = (levels: number) => {
      let value: Record<string, unknown> = {}
      for (let level = 1; level < levels; level++) value = { a: value }
      return value
    }
    expect(parseInput(MetadataObject, nested(16))).toEqual(nested(16))
    refused(MetadataObject, nested(18))
    refused(MetadataObject, nested(10_000))
    refused(MetadataObject, { a: JSON.parse('['.repeat(5000) + ']'.repeat(5000)) })
  })

  it('has 16 kB of JSON at most, counted in bytes', () => {
    parseInput(MetadataObject, { a: 'x'.repeat(16_384 - 8) })
    refused(MetadataObject, { a: 'x'.repeat(16_384 - 7) })
    refused(MetadataObject, { a: 'é'.repeat(8_190) })
  })

  it('is JSON: what can not be written as such is refused', () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    for (const value of [circular, { a: 1n }, [], new Map(), new Date(), 'x', null, 7]) {
      refused(MetadataObject, value)
    }
  })

  it('named __proto__ changes no prototype', () => {
    const kept = parseInput(MetadataObject, JSON.parse('{"__proto__":{"admin":true}}'))
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype)
    expect({}).not.toHaveProperty('admin')
  })
})

describe('a point in time', () => {
  it.each([
    ['2030-01-31T00:00:00Z', Date.UTC(2030, 0, 31)],
    ['2030-01-31T01:00:00+01:00', Date.UTC(2030, 0, 31)],
    ['2028-02-29T00:00:00.123Z', Date.UTC(2028, 1, 29, 0, 0, 0, 123)],
  ])('is %s', (text, time) => {
    expect(parseInput(Instant, text)).toBe(time)
    expect(parseInput(Instant, new Date(time))).toBe(time)
  })

  it.each([
    '2025-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '2025-13-01T00:00:00Z',
    '2025-01-01T24:00:01Z',
    '2025-01-01',
    '2025-01-01T00:00:00',
    'tomorrow',
    '',
    '8640000000000001',
    8640000000000001,
    1735689600,
    Number.NaN,
    new Date(Number.NaN),
    null,
    {},
  ])('is not %s', (value) => {
    refused(Instant, value)
  })
})

describe('other fields', () => {
  it('a duration that can not be read says how to write one', () => {
    expect(refused(DurationText, '-1h').message).toContain('24h')
    expect(parseInput(DurationText, '24h')).toBe(86_400_000)
  })

  it.each([0, -1, 101, Number.POSITIVE_INFINITY, 1.5, '10', 2 ** 53, null, Number.NaN])(
    'a limit is not %j',
    (limit) => {
      refused(z.strictObject(pageFields), { limit })
    },
  )

  it.each(['Sk', '1k', '_k', 'a-b', '', 'a'.repeat(17), 'é'])('a prefix is not %j', (prefix) => {
    refused(Prefix, prefix)
  })

  it.each(['', ' ', '**', 'a b', 'a/b', '.a', 'a'.repeat(65), 'é'])('a tenant is not %j', (tenant) => {
    refused(TenantId, tenant)
  })
})
