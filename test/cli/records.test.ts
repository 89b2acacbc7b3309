import { userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { runKeysmith, workingFolder } from './run-keysmith.ts'

const folder = workingFolder()
const keysmith = (...args: string[]) => runKeysmith(folder, args)

describe('scopes', () => {
  it('are created, listed, described anew and deleted', async () => {
    const created = await keysmith('scopes', 'create', 'read:users', '--description', 'See\u001b[31m users')
    expect(created.stdout).toContain('See\\x1b[31m users')
    expect((await keysmith('scopes', 'create', 'read:users')).code).toBe(4)
    const updated = await keysmith('scopes', 'update', 'read:users', '--description', 'See all', '--json')
    expect(JSON.parse(updated.stdout).scope).toMatchObject({ name: 'read:users', description: 'See all' })
    expect((await keysmith('scopes', 'list')).stdout).toMatch(/NAME .*\nread:users +See all/)

    const inUse = JSON.parse(
      (await keysmith('keys', 'create', '--name', 'x', '--scopes', 'read:users', '--json')).stdout,
    )
    expect((await keysmith('scopes', 'delete', 'read:users')).code).toBe(4)
    await keysmith('keys', 'delete', inUse.key.id, '--yes')
    const deleted = await keysmith('scopes', 'delete', 'read:users', '--json')
    expect(JSON.parse(deleted.stdout)).toEqual({ deleted: 'read:users' })
    const absent = await keysmith('scopes', 'get', 'read:users')
    expect(absent).toMatchObject({ code: 3, stdout: '' })
  })

  it('of one name are told apart by tenant and app', async () => {
    for (const tenant of ['a', 'b']) {
      const args = ['--description', `of ${tenant}`, '--tenant', tenant, '--app', 'web']
      expect((await keysmith('scopes', 'create', 'read', ...args)).code).toBe(0)
    }
    const place = ['--tenant', 'b', '--app', 'web']
    expect((await keysmith('scopes', 'get', 'read', ...place)).stdout).toContain('of b')
    expect((await keysmith('scopes', 'get', 'read', '--tenant', 'b')).code).toBe(3)
    await keysmith('scopes', 'update', 'read', '--description', 'changed', ...place)
    expect((await keysmith('scopes', 'delete', 'read', ...place)).code).toBe(0)
    expect((await keysmith('scopes', 'get', 'read', '--tenant', 'a', '--app', 'web')).stdout).toContain(
      'of a',
    )
  })
})

describe('audit list', () => {
  it('names the user of the machine as the actor of each change', async () => {
    const actor = `cli:${userInfo().username}`
    const [table, json] = await Promise.all([
      keysmith('audit', 'list'),
      keysmith('audit', 'list', '--action', 'key.deleted', '--actor', actor, '--json'),
    ])
    expect(table.stdout).toContain(` ${actor} `)
    expect(JSON.parse(json.stdout).items).toMatchObject([
      { action: 'key.deleted', actor: { type: 'cli', id: actor } },
    ])
  })
})

describe('output', () => {
  it('of "regex" is the pattern of the configured prefix and of root keys', async () => {
    const [plain, json, early, empty] = await Promise.all([
      keysmith('regex'),
      keysmith('regex', '--prefix', 'acme', '--environments', 'live', '--json'),
      keysmith('--prefix', 'early', 'regex'),
      keysmith('regex', '--environments', ''),
    ])
    expect(plain.stdout).toBe('\\b(?:sk|ksm)_[a-z][a-z0-9]{0,15}_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\\b\n')
    expect(JSON.parse(json.stdout).pattern).toMatch(/^\\b\(\?:acme\|ksm\)_live_/)
    expect(early.stdout).toMatch(/^\\b\(\?:early\|ksm\)_/)
    expect(empty).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('environments') })
  })

  it('of "--version" is the version; a command that is none ends with 2', async () => {
    const [version, none, group, help] = await Promise.all([
      keysmith('--version'),
      keysmith('nope'),
      keysmith('keys'),
      keysmith('keys', 'create', '--help'),
    ])
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) })
    expect(none).toMatchObject({ code: 2, stdout: '' })
    expect(group).toMatchObject({ code: 2, stdout: '' })
    expect(help).toMatchObject({ code: 0, stderr: '' })
  })
})
