import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { sqlite } from '../../src/store/sql/sqlite/sqlite.ts'
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

describe('backup', () => {
  it('copies everything into a new file for its user alone, while others use the database', async () => {
    const at = folder('backup')
    const inUse = sqlite(join(at, 'keysmith.db'))
    onTestFinished(() => inUse.close())
    await inUse.open()
    const rawKey = (await runKeysmith(at, ['keys', 'create', '--name', 'x'])).stdout
    const [text, json] = [
      await runKeysmith(at, ['backup', 'copy.db']),
      await runKeysmith(at, ['backup', 'b.db', '--json']),
    ]
    expect(text).toMatchObject({ code: 0, stdout: expect.stringContaining(join(at, 'copy.db')), stderr: '' })
    expect(JSON.parse(json.stdout)).toEqual({ backup: join(at, 'b.db') })
    expect(statSync(join(at, 'copy.db')).mode & 0o777).toBe(0o600)
    const env = { KEYSMITH_DATABASE_URL: 'sqlite:copy.db', DATABASE_URL: 'postgres://other/program' }
    expect(await runKeysmith(at, ['keys', 'verify'], { input: rawKey, env })).toMatchObject({ code: 0 })
    expect((await runKeysmith(at, ['doctor'], { env })).code).toBe(0)
  })

  it('replaces no file, and says what to do', async () => {
    const at = folder('backup-exists')
    await runKeysmith(at, ['migrate'])
    writeFileSync(join(at, 'copy.db'), 'precious')
    const [exists, itself, nowhere] = [
      await runKeysmith(at, ['backup', 'copy.db']),
      await runKeysmith(at, ['backup', 'keysmith.db']),
      await runKeysmith(at, ['backup', 'absent/copy.db']),
    ]
    for (const { code, stdout } of [exists, itself, nowhere])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(exists.stderr).toContain('Name another')
    expect(nowhere.stderr).toContain('folder exists')
    expect(readFileSync(join(at, 'copy.db'), 'utf8')).toBe('precious')
  })

  it('makes no copy of what is no database of Keysmith', async () => {
    const at = folder('backup-nothing')
    const absent = await runKeysmith(at, ['backup', 'copy.db'])
    writeFileSync(join(at, 'keysmith.db'), 'x'.repeat(4096))
    const text = await runKeysmith(at, ['backup', 'copy.db'])
    const memory = await runKeysmith(at, ['backup', 'copy.db', '--database-url', 'sqlite::memory:'])
    expect([absent.code, text.code, memory.code]).toEqual([5, 5, 5])
    expect(readdirSync(at)).toEqual(['keysmith.db'])
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

  it('warns when nobody can manage all tenants any more', async () => {
    const at = folder('rootless')
    const root = ['keys', 'create', '--name', 'root', '--tenant', '*', '--scopes', 'keysmith,*', '--json']
    const { key } = JSON.parse((await runKeysmith(at, root)).stdout)
    expect(await findings(at)).toMatchObject({ code: 0, ids: [] })
    await runKeysmith(at, ['keys', 'revoke', key.id])
    const found = await findings(at)
    expect(found).toMatchObject({ code: 0, healthy: true, ids: ['root_key.missing'] })
    expect(found.report).toContain("keysmith keys create --name root --tenant '*' --scopes 'keysmith,*'")
    const env = { KEYSMITH_ROOT_KEY: '5f0c1d7e9ab24863c1f0e2d3b4a59687' }
    expect(await findings(at, env)).toMatchObject({ ids: [] })
    await runKeysmith(at, root)
    expect(await findings(at)).toMatchObject({ ids: [] })
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
