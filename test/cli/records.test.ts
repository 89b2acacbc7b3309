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
})

describe('audit list', () => {
  it('names the user of the machine as the actor of each change', async () => {
    const { username } = userInfo()
    const [table, json] = await Promise.all([
      keysmith('audit', 'list'),
      keysmith('audit', 'list', '--action', 'key.deleted', '--actor', username, '--json'),
    ])
    expect(table.stdout).toContain(`cli:${username}`)
    expect(JSON.parse(json.stdout).items).toMatchObject([
      { action: 'key.deleted', actor: { type: 'cli', id: username } },
    ])
  })
})

describe('output', () => {
  it('of "regex" is the pattern of the configured prefix', async () => {
    const [plain, json, early] = await Promise.all([
      keysmith('regex'),
      keysmith('regex', '--prefix', 'acme', '--environments', 'live', '--json'),
      keysmith('--prefix', 'early', 'regex'),
    ])
    expect(plain.stdout).toBe('\\bsk_[a-z][a-z0-9]{0,15}_[0-9A-Za-z]{12}_[0-9A-Za-z]{49}\\b\n')
    expect(JSON.parse(json.stdout).pattern).toMatch(/^\\bacme_\(\?:live\)_/)
    expect(early.stdout).toMatch(/^\\bearly_/)
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
