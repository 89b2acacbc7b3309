import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openHandle } from '../../src/store/sql/sqlite/sqlite-handle.ts'

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
export const ROOT_KEY = 'root-key-of-the-hard-tests-0123456789'

export interface Reply<Body> {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
}

/** `keysmith serve`, as it was built, in a process of its own. */
export class ServerProcess {
  readonly url: string
  /** Resolves with the exit code; null after a signal that was not handled. */
  readonly exited: Promise<number | null>
  readonly #child: ChildProcess
  readonly #errors: string[]

  private constructor(child: ChildProcess, url: string, exited: Promise<number | null>, errors: string[]) {
    this.#child = child
    this.url = url
    this.exited = exited
    this.#errors = errors
  }

  static async start(
    database: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<ServerProcess> {
    if (!existsSync(MAIN)) throw new Error('Run "npm run build" first: these tests run what was built.')
    const child = spawn(process.execPath, [MAIN, 'serve'], {
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: `sqlite:${database}`,
        KEYSMITH_ROOT_KEY: ROOT_KEY,
        KEYSMITH_PORT: '0',
        KEYSMITH_LOG_LEVEL: 'error',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null)
    const errors: string[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
    const url = await new Promise<string>((resolve, reject) => {
      let printed = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        printed += text
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)
        if (found) resolve(found[0])
      })
      exited.then((code) => reject(new Error(`The server ended with ${code}: ${errors.join('')}`)))
    })
    return new ServerProcess(child, url, exited, errors)
  }

  /** What it wrote to standard error. */
  get errors(): string {
    return this.#errors.join('')
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child.kill(signal)
    return this.exited
  }

  async call<Body = { readonly code?: string }>(
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply<Body>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${ROOT_KEY}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Body,
    }
  }

  async create(input: object = {}): Promise<{ id: string; identifier: string; rawKey: string }> {
    const { status, body } = await this.call<{ key: { id: string; identifier: string }; rawKey: string }>(
      'POST',
      '/v1/keys',
      { name: 'a key', ...input },
    )
    if (status !== 201) throw new Error(`create answered ${status}: ${JSON.stringify(body)}`)
    return { id: body.key.id, identifier: body.key.identifier, rawKey: body.rawKey }
  }

  /** The code of the verification, or of the error. */
  async verify(rawKey: string): Promise<string> {
    return (await this.call<{ code: string }>('POST', '/v1/keys/verify', { rawKey })).body.code
  }
}

/** A folder for a database, which is removed with all in it. */
export async function newFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'keysmith-hard-'))
  return {
    database: join(folder, 'keysmith.db'),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Asks a database file directly, past the server. */
export function query<Row>(database: string, sql: string): Row[] {
  const handle = openHandle(database)
  try {
    handle.exec('pragma busy_timeout = 5000')
    return handle.prepare(sql).all() as Row[]
  } finally {
    handle.close()
  }
}

export const randomUpTo = (most: number) => Math.floor(Math.random() * most)
