import { beforeAll, describe, expect, it } from 'vitest'
import { runKeysmith, workingFolder } from './run-keysmith.ts'

const folder = workingFolder()
const keysmith = (...args: string[]) => runKeysmith(folder, args)
const verify = (rawKey: string, ...args: string[]) =>
  runKeysmith(folder, ['keys', 'verify', ...args], { input: rawKey })

let rawKey: string
let identifier: string

beforeAll(async () => {
  const created = await keysmith('keys', 'create', '--name', 'billing', '--scopes', 'read:users,read:teams')
  expect(created.code).toBe(0)
  expect(created.stdout).toMatch(/^sk_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\n$/)
  expect(created.stderr).toContain('A new database was made')
  expect(created.stderr).toContain('billing')
  rawKey = created.stdout.trim()
  identifier = rawKey.slice(0, rawKey.lastIndexOf('_'))
  expect(created.stderr).not.toContain(rawKey)
})

describe('keys create', () => {
  it('prints the key and its raw key as one JSON value with --json', async () => {
    const args = ['--name', 'x', '--environment', 'test', '--prefix', 'acme', '--expires-in', '1h']
    const created = await keysmith('keys', 'create', ...args, '--metadata', '{"team":"a"}', '--json')
    const { key, rawKey } = JSON.parse(created.stdout)
    expect(rawKey).toMatch(/^acme_test_/)
    expect(key).toMatchObject({ name: 'x', environment: 'test', metadata: { team: 'a' }, state: 'active' })
    expect(created.stderr).toBe('')
  })

  it.each([
    [[], "'--name <name>' not specified"],
    [['--name', 'x', '--expires-in', '-1h'], '--expires-in: '],
    [['--name', 'x', '--expires-at', '2001-01-01T00:00:00Z'], '--expires-at: '],
    [['--name', 'x', '--expires-at', 'never', '--expires-in', '1h'], 'cannot be used with'],
    [['--name', 'x', '--owner', '\n'], '--owner: '],
    [['--name', 'x', '--tenant', '*'], '--tenant: '],
    [['--name', 'x', '--metadata', '{'], 'Write JSON'],
    [['--name', 'x', '--scopes', 'a b'], '--scopes: '],
    [['--name', 'x', '--nope'], "unknown option '--nope'"],
  ])('ends with 2 for bad input: %j', async (args, message) => {
    const refused = await keysmith('keys', 'create', ...args)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain(message)
    expect(refused.stderr).not.toContain('    at ')
  })
})

describe('a raw key', () => {
  it('that is given as a name, a description or a reason is refused, and not repeated', async () => {
    const outcomes = [
      await keysmith('keys', 'create', '--name', rawKey),
      await keysmith('keys', 'create', '--name', 'x', '--description', `was ${rawKey}.`),
      await keysmith('keys', 'update', identifier, '--name', `old ${rawKey}`),
      await keysmith('keys', 'revoke', identifier, '--reason', `${rawKey} leaked`),
    ]
    for (const { code, stdout, stderr } of outcomes) {
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^error: --(name|description|reason): this holds a raw key/)
      expect(stderr).not.toContain(rawKey.slice(-49))
    }
  })

  it('is not seen in a long name, or in an identifier', async () => {
    const args = ['--environment', 'test', '--name', `my_app_subscription_processor for ${identifier}`]
    expect((await keysmith('keys', 'create', ...args)).code).toBe(0)
  })
})

describe('keys update', () => {
  it('ends with 2 when nothing is to be changed', async () => {
    const refused = await keysmith('keys', 'update', identifier)
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--name') })
  })

  it('takes a lifetime from now on', async () => {
    const { key } = JSON.parse(
      (await keysmith('keys', 'create', '--name', 'x', '--environment', 'test', '--json')).stdout,
    )
    const updated = await keysmith('keys', 'update', key.id, '--expires-in', '1h', '--json')
    const expiresAt = Date.parse(JSON.parse(updated.stdout).key.expiresAt)
    expect(Math.abs(expiresAt - Date.now() - 3_600_000)).toBeLessThan(60_000)
    for (const wrong of ['0s', '-1h', 'soon']) {
      expect(await keysmith('keys', 'update', key.id, `--expires-in=${wrong}`)).toMatchObject({ code: 2 })
    }
  })
})

describe('keys verify', () => {
  it('reads the raw key from standard input, and ends with 0 when it may be used', async () => {
    const [plain, json] = await Promise.all([
      verify(`${rawKey}\n`, '--scopes', 'read:users'),
      verify(rawKey, '--json'),
    ])
    expect(plain.code).toBe(0)
    expect(plain.stdout).toMatch(/^valid\n/)
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: true, code: 'valid', key: { identifier } })
  })

  it('ends with 6 when it is refused', async () => {
    const [wrong, scope, json] = await Promise.all([
      verify(rawKey.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))),
      verify(rawKey, '--scopes', 'write:users'),
      verify('garbage', '--json'),
    ])
    expect(wrong.code).toBe(6)
    expect(wrong.stdout).toMatch(/^invalid: [^\n]*\n$/)
    expect(scope.code).toBe(6)
    expect(scope.stdout).toMatch(/^insufficient_scope: /)
    expect(json.code).toBe(6)
    expect(JSON.parse(json.stdout)).toEqual({ valid: false, code: 'invalid' })
  })

  it('refuses an argument, and does not repeat it', async () => {
    const [argument, option, nothing] = await Promise.all([
      keysmith('keys', 'verify', rawKey),
      keysmith('keys', 'verify', `--raw-key=${rawKey}`),
      verify(''),
    ])
    expect(argument).toMatchObject({ code: 2, stdout: '' })
    expect(argument.stderr).toContain('other users of the machine see arguments')
    expect(option.code).toBe(2)
    expect(argument.stderr + option.stderr).not.toContain(rawKey)
    expect(nothing).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('keys list and get', () => {
  it('show tables to people and JSON to programs', async () => {
    const [table, json, got] = await Promise.all([
      keysmith('keys', 'list', '--search', 'billing'),
      keysmith('keys', 'list', '--json', '--limit', '1', '--environment', 'live'),
      keysmith('keys', 'get', identifier),
    ])
    const [head, row] = table.stdout.split('\n')
    expect(head).toMatch(/^ID +IDENTIFIER +NAME/)
    expect(head).toMatch(/TENANT$/)
    expect(row).toMatch(/ default$/)
    expect(row?.indexOf(identifier)).toBe(head?.indexOf('IDENTIFIER'))
    expect(JSON.parse(json.stdout)).toMatchObject({ items: [{ identifier }], nextCursor: null })
    expect(got.stdout).toContain('read:users,read:teams')
  })

  it('show no tenant when one was asked for', async () => {
    expect((await keysmith('keys', 'list', '--tenant', 'default')).stdout).not.toContain('TENANT')
  })

  it('page with a cursor', async () => {
    await keysmith('keys', 'create', '--name', 'another')
    const first = JSON.parse((await keysmith('keys', 'list', '--limit', '1', '--json')).stdout)
    const next = await keysmith('keys', 'list', '--limit', '1', '--cursor', first.nextCursor, '--json')
    expect(JSON.parse(next.stdout).items[0].id).not.toBe(first.items[0].id)
  })

  it('end with 3 for a key that is none, and 2 for a filter that is none', async () => {
    const [absent, filter] = await Promise.all([
      keysmith('keys', 'get', 'sk_live_000000000000'),
      keysmith('keys', 'list', '--state', 'sleeping'),
    ])
    expect(absent).toMatchObject({ code: 3, stdout: '' })
    expect(absent.stderr).toMatch(/^error: There is no such key.*\(key_not_found\)\n$/)
    expect(filter.code).toBe(2)
  })
})

describe('the life of a key', () => {
  it('goes through update, scopes, rotation, suspension, revocation, purge and deletion', async () => {
    const updated = await keysmith(
      'keys',
      'update',
      identifier,
      '--name',
      'invoices',
      '--owner',
      'team-7',
      '--json',
    )
    expect(JSON.parse(updated.stdout).key).toMatchObject({ name: 'invoices', ownerId: 'team-7' })

    await keysmith('keys', 'scopes', 'assign', identifier, 'write:users', 'admin')
    const scopes = await keysmith('keys', 'scopes', 'remove', identifier, 'admin', '--json')
    expect(JSON.parse(scopes.stdout).key.scopes).toEqual(['read:users', 'read:teams', 'write:users'])

    const rotated = await keysmith('keys', 'rotate', identifier, '--grace-period', '1h')
    expect(rotated.stdout).toMatch(new RegExp(`^${identifier}_[0-9A-Za-z]{49}\n$`))
    expect(rotated.stdout).not.toContain(rawKey)
    const both = await Promise.all([verify(rawKey), verify(rotated.stdout)])
    expect(both.map(({ code }) => code)).toEqual([0, 0])

    const again = await keysmith('keys', 'rotate', identifier, '--reason', 'compromise', '--json')
    const replaced = JSON.parse(again.stdout)
    expect(replaced.rotation.reason).toBe('compromise')
    const codes = await Promise.all([verify(rawKey), verify(rotated.stdout), verify(replaced.rawKey)])
    expect(codes.map(({ code }) => code)).toEqual([6, 6, 0])

    expect((await keysmith('keys', 'suspend', identifier, '--reason', 'holiday')).stdout).toContain('holiday')
    expect((await keysmith('keys', 'rotate', identifier)).code).toBe(4)
    expect((await keysmith('keys', 'reactivate', identifier)).stdout).toMatch(/state +active/)
    expect((await keysmith('keys', 'revoke', identifier)).stdout).toMatch(/state +revoked/)
    expect((await keysmith('keys', 'reactivate', identifier)).code).toBe(4)
    expect(JSON.parse((await keysmith('keys', 'purge', identifier, '--json')).stdout).key.state).toBe(
      'purged',
    )

    const careful = await keysmith('keys', 'delete', identifier)
    expect(careful).toMatchObject({ code: 2, stdout: '' })
    expect(careful.stderr).toContain('--yes')
    const deleted = await keysmith('keys', 'delete', identifier, '--yes', '--json')
    expect(JSON.parse(deleted.stdout)).toEqual({ deleted: identifier })
    expect((await keysmith('keys', 'delete', identifier, '--yes')).code).toBe(3)

    const rotations = JSON.parse((await keysmith('rotations', 'list', '--json')).stdout)
    expect(rotations.items.map(({ reason }: { reason: string }) => reason)).toEqual(['compromise', 'manual'])
  })
})
