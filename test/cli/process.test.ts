import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { outcomeOf, spawnKeysmith, startKeysmith, workingFolder } from './run-keysmith.ts'

// What only a process of its own can show: its streams, its exit codes, its end.
const folder = workingFolder()
const keysmith = (...args: string[]) => spawnKeysmith(folder, args)
const verify = (rawKey: string, ...args: string[]) =>
  spawnKeysmith(folder, ['keys', 'verify', ...args], { input: rawKey })

let rawKey: string

beforeAll(async () => {
  const created = await keysmith('keys', 'create', '--name', 'billing')
  expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sk_live_\w+\n$/) })
  rawKey = created.stdout.trim()
  expect(created.stderr).not.toContain(rawKey)
})

describe('the built command', () => {
  it('prints a raw key alone, and verifies the one that is piped in', async () => {
    const [good, bad] = await Promise.all([verify(`${rawKey}\n`), verify('garbage', '--json')])
    expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/^valid\n/), stderr: '' })
    expect(bad).toMatchObject({ code: 6, stdout: '{"valid":false,"code":"invalid"}\n', stderr: '' })
  })

  it('has an exit code for each kind of failure, and shows no stack', async () => {
    const outcomes = await Promise.all([
      keysmith('keys', 'create'),
      keysmith('keys', 'verify', rawKey),
      keysmith('keys', 'get', 'akey_absent'),
      keysmith('keys', 'list', '--database-url', 'sqlite:absent/keys.db'),
    ])
    expect(outcomes.map(({ code }) => code)).toEqual([2, 2, 3, 5])
    for (const { stdout, stderr } of outcomes) {
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^error: /)
      expect(stderr).not.toMatch(/\n {4}at |sk_live_\w+_\w{20}/)
    }
  })

  it('says that the driver is missing, not that the database is', async () => {
    const at = workingFolder()
    const hook = join(at, 'no-sqlite.cjs')
    writeFileSync(
      hook,
      `const Module = require('node:module')
       const load = Module._load
       Module._load = (name, ...rest) => {
         if (name === '@photostructure/sqlite') throw new Error('not installed')
         return load(name, ...rest)
       }
       process.getBuiltinModule = undefined`,
    )
    const env = { NODE_OPTIONS: `--require ${hook}` }
    const [doctor, list] = await Promise.all([
      spawnKeysmith(at, ['doctor', '--json'], { env }),
      spawnKeysmith(at, ['keys', 'list'], { env }),
    ])
    expect(doctor.code).toBe(1)
    const { findings } = JSON.parse(doctor.stdout)
    expect(findings).toMatchObject([
      { id: 'database.driver_missing', fix: expect.stringContaining('npm install @photostructure/sqlite') },
    ])
    expect(list).toMatchObject({ code: 5, stderr: expect.stringContaining('(driver_missing)') })
  })

  it('takes no offence when nobody reads its output to the end', async () => {
    const child = startKeysmith(folder, ['audit', 'list', '--json'])
    child.stdout.destroy()
    expect(await outcomeOf(child)).toMatchObject({ code: 0, stderr: '' })
  })
})
