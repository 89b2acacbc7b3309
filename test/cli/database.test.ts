import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runKeysmith, workingFolder } from './run-keysmith.ts'

const root = workingFolder()
const PEPPER = 'a-pepper-of-at-least-32-characters-1'

function folder(name: string): string {
  const path = join(root, name)
  mkdirSync(path)
  return path
}

async function findings(at: string, env: Record<string, string> = {}) {
  const { code, stdout } = await runKeysmith(at, ['doctor', '--json'], { env })
  const report: { healthy: boolean; findings: { id: string; cause: string; fix: string }[] } =
    JSON.parse(stdout)
  return { code, healthy: report.healthy, ids: report.findings.map(({ id }) => id), report: stdout }
}

describe('migrate', () => {
  it('makes the database for its user alone, and has nothing to do the second time', async () => {
    const at = folder('migrate')
    const [first, second] = [
      await runKeysmith(at, ['migrate', '--database-url', 'sqlite:keys.db']),
      await runKeysmith(at, ['migrate', '--database-url', `sqlite://${join(at, 'keys.db')}`, '--json']),
    ]
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('0001-first') })
    expect(statSync(join(at, 'keys.db')).mode & 0o777).toBe(0o600)
    expect(JSON.parse(second.stdout)).toEqual({ applied: [] })
  })

  it('is left to be run by hand with --no-migrate', async () => {
    const at = folder('by-hand')
    const refused = await runKeysmith(at, ['keys', 'list', '--no-migrate'])
    expect(refused).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining('keysmith migrate'),
    })
    expect(existsSync(join(at, 'keysmith.db'))).toBe(false)
  })
})

describe('a database that can not be used ends with 5', () => {
  it('when its folder is missing, or it is another file', async () => {
    const at = folder('unusable')
    writeFileSync(
      join(at, 'text.db'),
      'not a database, but long enough to have a header of its own'.repeat(20),
    )
    const [absent, text] = await Promise.all([
      runKeysmith(at, ['keys', 'list'], { env: { DATABASE_URL: 'sqlite:absent/keys.db' } }),
      runKeysmith(at, ['keys', 'list'], { env: { DATABASE_URL: 'sqlite:text.db' } }),
    ])
    expect(absent).toMatchObject({ code: 5, stdout: '', stderr: expect.stringContaining('folder exists') })
    expect(text).toMatchObject({
      code: 5,
      stdout: '',
      stderr: expect.stringContaining('not an SQLite database'),
    })
  })
})

describe('settings that are wrong end with 2, and are told together', () => {
  it('from flag, variable and file', async () => {
    const at = folder('settings')
    writeFileSync(join(at, 'keysmith.json'), '{"gracePeriod": "soon", "rootKey": "short-secret"}')
    const env = { KEYSMITH_PEPPERS: '1:short-secret', KEYSMITH_PROT: '1' }
    const refused = await runKeysmith(at, ['keys', 'list', '--secret-length', '1'], { env })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    for (const part of [
      '--secret-length',
      'KEYSMITH_PEPPERS',
      'KEYSMITH_PROT',
      '"gracePeriod"',
      '"rootKey"',
    ]) {
      expect(refused.stderr).toContain(part)
    }
    expect(refused.stderr).not.toContain('short-secret')
    expect(existsSync(join(at, 'keysmith.db'))).toBe(false)
  })
})

describe('doctor', () => {
  it('finds nothing wrong with a database of this version', async () => {
    const at = folder('sound')
    await runKeysmith(at, ['migrate'])
    expect(await findings(at)).toMatchObject({ code: 0, healthy: true, ids: [] })
    expect((await runKeysmith(at, ['doctor'])).stdout).toBe('All is well.\n')
  })

  it('finds wrong settings', async () => {
    const found = await findings(folder('wrong'), { KEYSMITH_PORT: 'x', DATABASE_URL: 'postgres://h/d' })
    expect(found).toMatchObject({ code: 1, ids: ['configuration.invalid', 'configuration.invalid'] })
  })

  it('finds a database that is missing or was never migrated, and leaves it so', async () => {
    const at = folder('unmigrated')
    expect(await findings(at)).toMatchObject({ code: 1, ids: ['database.missing'] })
    expect(existsSync(join(at, 'keysmith.db'))).toBe(false)
    writeFileSync(join(at, 'keysmith.db'), '', { mode: 0o600 })
    expect(await findings(at)).toMatchObject({ code: 1, ids: ['store.migrations_pending'] })
    expect(readFileSync(join(at, 'keysmith.db'))).toHaveLength(0)
  })

  it('finds a file that is no database', async () => {
    const at = folder('no-database')
    writeFileSync(join(at, 'keysmith.db'), 'x'.repeat(4096), { mode: 0o600 })
    expect(await findings(at)).toMatchObject({ code: 1, ids: ['database.unavailable'] })
  })

  it('finds a pepper that is missing', async () => {
    const at = folder('pepper')
    const peppered = { env: { KEYSMITH_PEPPERS: `1:${PEPPER}` } }
    expect((await runKeysmith(at, ['keys', 'create', '--name', 'x'], peppered)).code).toBe(0)
    const found = await findings(at, { KEYSMITH_PEPPERS: `2:${PEPPER}2` })
    expect(found).toMatchObject({ code: 1, ids: ['hasher.unknown'] })
    expect(found.report).toContain('version 1')
    const refused = await runKeysmith(at, ['keys', 'list'])
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('pepper') })
    expect(found.report + refused.stderr).not.toContain(PEPPER)
  })

  it('warns of what is unwise, and ends with 0', async () => {
    const at = folder('unwise')
    await runKeysmith(at, ['migrate'])
    writeFileSync(join(at, 'keysmith.json'), JSON.stringify({ rootKey: 'a'.repeat(32) }))
    chmodSync(join(at, 'keysmith.json'), 0o644)
    chmodSync(join(at, 'keysmith.db'), 0o644)
    const found = await findings(at, { KEYSMITH_HOST: '0.0.0.0' })
    expect(found).toMatchObject({ code: 0, healthy: true })
    expect(found.ids).toEqual([
      'configuration.file_exposed',
      'root_key.weak',
      'server.exposed',
      'database.file_exposed',
    ])
    expect(found.report).not.toContain('aaaa')
    expect(
      await findings(at, { DATABASE_URL: 'sqlite::memory:', KEYSMITH_CONFIG: '/dev/null' }),
    ).toMatchObject({
      code: 1,
      ids: ['configuration.invalid'],
    })
  })
})
