import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { KeysmithError } from '../../core/errors.ts'
import { inspectSettings, readSettings, type SettingSources } from './read-settings.ts'
import type { SettingName } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'keysmith-settings-'))
const file = join(folder, 'keysmith.json')
const SECRET = 'correct-horse-battery-staple-0123456789'

beforeEach(() => rmSync(file, { force: true }))
afterAll(() => rmSync(folder, { recursive: true }))

type Flags = Partial<Record<SettingName | 'config', string>>

function sources(env: SettingSources['env'] = {}, flags: Flags = {}): SettingSources {
  const given = Object.entries(flags) as [SettingName | 'config', string][]
  return { flags: new Map(given), env, folder }
}

const write = (content: unknown) =>
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))

function problemsOf(env: SettingSources['env'], flags: Flags = {}): string[] {
  return inspectSettings(sources(env, flags)).problems.map(({ message }) => message)
}

describe('settings come from', () => {
  it('defaults, when nothing is given', () => {
    const settings = readSettings(sources())
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 8787, databaseUrl: 'sqlite:keysmith.db' })
    expect(settings).toMatchObject({ rootKey: null, peppers: [], defaultExpiry: null, migrate: true })
  })

  it('flags before variables before the file before defaults', () => {
    write({ port: 1, host: 'file', prefix: 'fil' })
    const settings = readSettings(sources({ KEYSMITH_PORT: '2', KEYSMITH_HOST: 'env' }, { port: '3' }))
    expect(settings).toMatchObject({ port: 3, host: 'env', prefix: 'fil', environment: 'live' })
  })

  it('KEYSMITH_DATABASE_URL before the DATABASE_URL that other programs read too', () => {
    write({ databaseUrl: 'sqlite:file.db' })
    const env = { DATABASE_URL: `postgres://me:${SECRET}@db/app`, KEYSMITH_DATABASE_URL: 'sqlite:mine.db' }
    expect(readSettings(sources(env)).databaseUrl).toBe('sqlite:mine.db')
    expect(readSettings(sources({ DATABASE_URL: 'sqlite:shared.db' })).databaseUrl).toBe('sqlite:shared.db')
    expect(problemsOf({ DATABASE_URL: env.DATABASE_URL })[0]).toContain('KEYSMITH_DATABASE_URL wins')
  })

  it('the file that --config names, before the one that KEYSMITH_CONFIG names', () => {
    writeFileSync(join(folder, 'a.json'), '{"port": 1}')
    writeFileSync(join(folder, 'b.json'), '{"port": 2}')
    expect(readSettings(sources({ KEYSMITH_CONFIG: 'a.json' })).port).toBe(1)
    expect(readSettings(sources({ KEYSMITH_CONFIG: 'a.json' }, { config: 'b.json' })).port).toBe(2)
  })

  it('lists with commas in variables, and arrays in the file', () => {
    write({ availableScopes: ['read', 'write:users'] })
    const settings = readSettings(sources({ KEYSMITH_DEFAULT_SCOPES: 'read:a, read:b' }))
    expect(settings.availableScopes).toEqual(['read', 'write:users'])
    expect(settings.defaultScopes).toEqual(['read:a', 'read:b'])
  })

  it('peppers of a variable and of the file, the newest first', () => {
    const expected = [
      { version: 2, secret: `${SECRET}:2` },
      { version: 1, secret: SECRET },
    ]
    const env = { KEYSMITH_PEPPERS: `2:${SECRET}:2,1:${SECRET}` }
    expect(readSettings(sources(env)).peppers).toEqual(expected)
    write({ peppers: expected })
    expect(readSettings(sources()).peppers).toEqual(expected)
  })

  it('"none", for an expiry that a file has set', () => {
    write({ defaultExpiry: '90d' })
    expect(readSettings(sources()).defaultExpiry).toBe('90d')
    expect(readSettings(sources({ KEYSMITH_DEFAULT_EXPIRY: 'none' })).defaultExpiry).toBeNull()
  })

  it('variables of Kubernetes for a service called keysmith: never', () => {
    const env = {
      KEYSMITH_PORT: 'tcp://10.0.0.1:8787',
      KEYSMITH_SERVICE_HOST: '10.0.0.1',
      KEYSMITH_SERVICE_PORT_HTTP: '8787',
      KEYSMITH_PORT_8787_TCP_ADDR: '10.0.0.1',
    }
    expect(readSettings(sources(env)).port).toBe(8787)
  })
})

describe('what is wrong is named with its place and what to write:', () => {
  it.each([
    ['KEYSMITH_PORT', 'http', 'port'],
    ['KEYSMITH_PORT', '65536', 'port'],
    ['KEYSMITH_PORT', '-1', 'port'],
    ['KEYSMITH_PORT', '1e3', 'port'],
    ['KEYSMITH_PORT', '', 'port'],
    ['KEYSMITH_HOST', 'http://x', 'host'],
    ['KEYSMITH_PREFIX', 'SK', 'prefix'],
    ['KEYSMITH_ENVIRONMENT', 'a_b', 'environment'],
    ['KEYSMITH_DEFAULT_EXPIRY', '-1h', 'defaultExpiry'],
    ['KEYSMITH_DEFAULT_EXPIRY', '0s', 'defaultExpiry'],
    ['KEYSMITH_GRACE_PERIOD', '1y2', 'gracePeriod'],
    ['KEYSMITH_AVAILABLE_SCOPES', '', 'availableScopes'],
    ['KEYSMITH_DEFAULT_SCOPES', 'a b', 'defaultScopes'],
    ['KEYSMITH_SECRET_LENGTH', '21', 'secretLength'],
    ['KEYSMITH_LOG_LEVEL', 'loud', 'logLevel'],
    ['KEYSMITH_REQUEST_TIMEOUT', '0s', 'requestTimeout'],
    ['KEYSMITH_MIGRATE', 'yes', 'migrate'],
  ])('%s=%s', (variable, value, name) => {
    const [problem, ...others] = problemsOf({ [variable]: value })
    expect(others).toEqual([])
    expect(problem).toContain(
      `Variable ${variable} (${name}): ${JSON.stringify(value)} can not be used. Write`,
    )
  })

  it.each(['keysmith.db', 'sqlite:', 'sqlite://keysmith.db', 'sqlite:x.db?mode=ro', 'file:x.db'])(
    'DATABASE_URL=%s',
    (url) => {
      expect(problemsOf({ DATABASE_URL: url })[0]).toMatch(/^Variable DATABASE_URL .*Write "sqlite:/)
    },
  )

  it('a database of a later version, without its password', () => {
    const [problem] = problemsOf({ DATABASE_URL: `postgres://me:${SECRET}@db/keys` })
    expect(problem).toContain('SQLite only')
    expect(problem).not.toContain(SECRET)
  })

  it('a flag', () => {
    expect(problemsOf({}, { port: 'x' })[0]).toMatch(
      /^Flag --port \(port\): "x" can not be used\. Write a whole/,
    )
  })

  it('a line of the file', () => {
    write({ port: '8787' })
    expect(problemsOf({})).toEqual([
      `Line "port" of ${file} (port): "8787" can not be used. Write a whole number from 0 to 65535.`,
    ])
  })

  it('an unknown variable and an unknown line', () => {
    write('{"prot": 1, "__proto__": {}}')
    const problems = problemsOf({ KEYSMITH_PROT: SECRET })
    expect(problems[0]).toMatch(/^Variable KEYSMITH_PROT is no setting/)
    expect(problems[1]).toMatch(/^Line "prot" of .* is no setting/)
    expect(problems[2]).toMatch(/^Line "__proto__" of .* is no setting/)
    expect(problems.join()).not.toContain(SECRET)
  })

  it('a file that is missing, is not JSON, or is no object', () => {
    expect(problemsOf({ KEYSMITH_CONFIG: 'absent.json' })[0]).toMatch(
      /absent\.json: .* can't be read \(ENOENT\)/,
    )
    write('[1]')
    expect(problemsOf({})[0]).toContain('write a JSON object')
    write(`{\n"rootKey": "${SECRET}"\n"port": 1}`)
    expect(problemsOf({})[0]).toContain('not JSON, from line 3 on')
    write(`{"rootKey": ${SECRET}}`)
    expect(problemsOf({})[0]).toContain('not JSON')
    expect(problemsOf({})[0]).not.toContain('horse')
  })

  it('default scopes that are not available', () => {
    const env = { KEYSMITH_AVAILABLE_SCOPES: 'read', KEYSMITH_DEFAULT_SCOPES: 'write' }
    expect(problemsOf(env)[0]).toContain('contradict')
  })

  it('all of it, in one error', () => {
    write({ peppers: 'x' })
    try {
      readSettings(sources({ KEYSMITH_PORT: 'x', KEYSMITH_NOPE: '1' }, { host: '' }))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(KeysmithError)
      const { code, issues } = error as KeysmithError
      expect(code).toBe('invalid_configuration')
      expect(issues.map(({ path }) => path)).toEqual(['KEYSMITH_NOPE', 'host', 'port', 'peppers'])
    }
  })
})

describe('a secret that can not be used is never printed:', () => {
  it.each([
    ['KEYSMITH_ROOT_KEY', 'short-secret'],
    ['KEYSMITH_ROOT_KEY', `${SECRET} with spaces`],
    ['KEYSMITH_PEPPERS', SECRET],
    ['KEYSMITH_PEPPERS', '1:short-secret'],
    ['KEYSMITH_PEPPERS', `1:${SECRET},1:${SECRET}x`],
    ['KEYSMITH_PEPPERS', `0:${SECRET}`],
  ])('%s=%s', (variable, value) => {
    const [problem] = problemsOf({ [variable]: value })
    expect(problem).toContain(`Variable ${variable}`)
    expect(problem).toContain('not shown')
    expect(problem).not.toMatch(/short-secret|horse/)
  })

  it('nor from the file', () => {
    write({ rootKey: 'short-secret', peppers: [{ version: 1, secret: SECRET, extra: 1 }] })
    const problems = problemsOf({})
    expect(problems).toHaveLength(2)
    expect(problems.join()).not.toMatch(/short-secret|horse/)
  })
})
