import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { outcomeOf, runKeysmith, startKeysmith, workingFolder } from '../cli/run-keysmith.ts'

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

/** The block of code that follows a text in the README, as it is. */
function blockAfter(text: string): string {
  const block = /```\w+\n(.*?)```/s.exec(README.slice(README.indexOf(text)))?.[1]
  if (!README.includes(text) || block === undefined) throw new Error(`README.md has no code after "${text}".`)
  return block
}

/** The answers that a shell session showed, one a line. */
function answersIn(output: string): Record<string, unknown>[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('the README', () => {
  const folder = workingFolder()

  it('says two commands first, and they are those of package.json', () => {
    const commands = blockAfter('# Keysmith')
    expect(commands).toMatch(/^npm ci && npm start .*\nnpm ci && npm test .*\n$/)
  })

  it('shows five steps that work as they are pasted', async () => {
    const server = startKeysmith(folder, ['serve', '--port', '0'])
    const ended = outcomeOf(server)
    const [banner] = (await once(server.stdout, 'data')) as [Buffer]
    const url = /http:\S+/.exec(banner.toString())?.[0] ?? ''
    const rootKey = /ksm_\w+/.exec(banner.toString())?.[0] ?? ''

    const setup = blockAfter('takes the root key that the server printed')
    const lines = setup.replace('http://127.0.0.1:8787', url).replace('<root key>', rootKey)
    const script = `${lines}\n${blockAfter('<!-- first-key')}`
    const { stdout } = await promisify(execFile)('bash', ['-c', script])

    const [issued, verified, rotated, oldOne, newOne, revoked, refused, ...rest] = answersIn(stdout)
    expect(issued).toMatchObject({ key: { name: 'billing', state: 'active' }, rawKey: expect.any(String) })
    expect(verified).toMatchObject({ valid: true, code: 'valid', scopes: ['read:users'] })
    expect(rotated).toMatchObject({ rawKey: expect.any(String), rotation: { reason: 'manual' } })
    expect(oldOne).toMatchObject({ valid: true, key: { identifier: oldIdentifier(issued) } })
    expect(newOne).toMatchObject({ valid: true, key: { identifier: oldIdentifier(issued) } })
    expect(revoked).toMatchObject({ key: { state: 'revoked', stateReason: 'leaked' } })
    expect(refused).toMatchObject({ valid: false, code: 'revoked' })
    expect(rest).toEqual([])

    server.kill('SIGTERM')
    expect((await ended).code).toBe(0)
  })

  it('shows a command line that does what it says', async () => {
    const lines = blockAfter('## On the command line').split('\n')
    expect(lines[0]).toContain('keys create --name billing --scopes read:users')
    const created = await runKeysmith(folder, [
      'keys',
      'create',
      '--name',
      'billing',
      '--scopes',
      'read:users',
    ])
    const verify = await runKeysmith(folder, ['keys', 'verify', '--scopes', 'read:users'], {
      input: created.stdout,
    })
    const list = await runKeysmith(folder, ['keys', 'list'])
    const doctor = await runKeysmith(folder, ['doctor'])
    expect([created.code, verify.code, list.code, doctor.code]).toEqual([0, 0, 0, 0])
    expect(list.stdout).toContain('billing')
  })

  it('links to files that are there', () => {
    const links = [...README.matchAll(/\]\((?!http)([^)#]+)\)/g)].flatMap(([, link]) => link ?? [])
    expect(links.length).toBeGreaterThan(10)
    for (const link of links)
      expect(() => readFileSync(new URL(`../../${link}`, import.meta.url))).not.toThrow(/ENOENT/)
  })
})

function oldIdentifier(issued: Record<string, unknown> | undefined): unknown {
  return (issued?.key as { identifier: string } | undefined)?.identifier
}
