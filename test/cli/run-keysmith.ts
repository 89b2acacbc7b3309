import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, vi } from 'vitest'
import { run } from '../../src/cli/run.ts'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

export interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings {
  /** What comes on standard input. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A working folder of the test file's own. */
export function workingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keysmith-cli-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Starts the built command with nothing of this process's environment but the path. */
export function startKeysmith(folder: string, args: readonly string[], env: Surroundings['env'] = {}) {
  const { PATH = '' } = process.env
  return spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { PATH, ...env } })
}

/** Runs the built command, as a process of its own, to its end. */
export function spawnKeysmith(
  folder: string,
  args: readonly string[],
  { input = '', env = {} }: Surroundings = {},
): Promise<Outcome> {
  const child = startKeysmith(folder, args, env)
  child.stdin.end(input)
  return outcomeOf(child)
}

/** What a process has written, and its exit code, once it has ended. */
export function outcomeOf(child: ChildProcess): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    stderr += chunk
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
}

let lastInLine: Promise<unknown> = Promise.resolve()

/**
 * Runs the command in this process: the same, but for the half second that a process takes to start. One at a
 * time, since a working folder and standard streams are the process's.
 */
export function runKeysmith(
  folder: string,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Outcome> {
  const outcome = lastInLine.then(() => runHere(folder, args, surroundings))
  lastInLine = outcome.catch(() => undefined)
  return outcome
}

async function runHere(
  folder: string,
  args: readonly string[],
  { input = '', env = {} }: Surroundings,
): Promise<Outcome> {
  const home = process.cwd()
  const stdout = capture('stdout')
  const stderr = capture('stderr')
  const stdin = Readable.from([Buffer.from(input)], { objectMode: false })
  vi.spyOn(process, 'stdin', 'get').mockReturnValue(stdin as typeof process.stdin)
  for (const name of Object.keys(process.env).filter(isOurs)) vi.stubEnv(name, undefined)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  process.chdir(folder)
  try {
    await run(args)
    return { code: Number(process.exitCode ?? 0), stdout: stdout.join(''), stderr: stderr.join('') }
  } finally {
    process.exitCode = undefined
    process.chdir(home)
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  }
}

const isOurs = (variable: string) => variable.startsWith('KEYSMITH_') || variable === 'DATABASE_URL'

function capture(stream: 'stdout' | 'stderr'): string[] {
  const written: string[] = []
  vi.spyOn(process[stream], 'write').mockImplementation((chunk) => {
    written.push(String(chunk))
    return true
  })
  return written
}
