import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { expect } from 'vitest'
import type { AuditEvent } from '../../src/core/audit.ts'
import type { Key } from '../../src/core/key.ts'
import type { CreateKeyInput } from '../../src/core/key-input.ts'
import type { Rotation } from '../../src/core/rotation.ts'
import type { VerifyRequest } from '../../src/core/verification.ts'
import { createKeysmith } from '../../src/create-keysmith.ts'
import type { KeysmithOptions } from '../../src/engine/options.ts'
import type { Keysmith } from '../../src/engine/surface.ts'
import type { Problem, ProblemCode } from '../../src/server/problem.ts'
import { createServer } from '../../src/server/server.ts'
import { sqlite } from '../../src/store/sql/sqlite/sqlite.ts'
import type { Store } from '../../src/store/store.ts'

/** A value as it arrives over the wire: times are strings. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Wire<Item>[]
    : T extends object
      ? { [Field in keyof T]: Wire<T[Field]> }
      : T

export type KeyBody = Wire<Key>
export interface CreatedBody {
  readonly key: KeyBody
  readonly rawKey: string
}
export interface RotatedBody extends CreatedBody {
  readonly rotation: RotationBody
}
export interface VerificationBody {
  readonly valid: boolean
  readonly code: string
  readonly key?: KeyBody
  readonly scopes?: string[]
}
export type AuditBody = Wire<AuditEvent>
export type RotationBody = Wire<Rotation>

export interface PageBody<Item> {
  readonly items: Item[]
  readonly nextCursor: string | null
}

export interface Answer<Body> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed text; undefined when there is none. */
  readonly body: Body
}

export interface CallOptions {
  /** Management key; the root key when left out, none when null. */
  readonly key?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ServerSetup extends KeysmithOptions {
  /** Puts something between the engine and its SQLite store. */
  readonly wrapStore?: (store: Store) => Store
}

/** An HTTP server on a free port, over an SQLite file of its own. */
export class RunningServer {
  readonly app: FastifyInstance
  readonly keysmith: Keysmith
  readonly url: string
  readonly rootKey: string
  /** Folder of the database and its WAL. */
  readonly folder: string
  /** Every line that was logged, down to `trace`. */
  readonly logs: string[]

  constructor(parts: Pick<RunningServer, 'app' | 'keysmith' | 'url' | 'rootKey' | 'folder' | 'logs'>) {
    this.app = parts.app
    this.keysmith = parts.keysmith
    this.url = parts.url
    this.rootKey = parts.rootKey
    this.folder = parts.folder
    this.logs = parts.logs
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** Sends a request; `Body` is what the caller expects of the answer, and asserts. */
  async call<Body = Problem>(
    method: string,
    path: string,
    { key = this.rootKey, body, headers }: CallOptions = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: (isJson ? JSON.parse(text) : undefined) as Body,
    }
  }

  /** Creates a key, and is sure that it did. */
  async create(input: Partial<CreateKeyInput> = {}, options: CallOptions = {}): Promise<CreatedBody> {
    const answer = await this.call<CreatedBody>('POST', '/v1/keys', {
      ...options,
      body: { name: 'a key', ...input },
    })
    expect(answer.status, answer.text).toBe(201)
    return answer.body
  }

  /** A management key with these scopes. */
  async createManager(scopes: readonly string[], tenantId = '*'): Promise<CreatedBody> {
    return this.create({ name: 'manager', scopes: [...scopes], tenantId })
  }

  async verify(
    rawKey: string,
    request: VerifyRequest = {},
    options: CallOptions = {},
  ): Promise<VerificationBody> {
    const answer = await this.call<VerificationBody>('POST', '/v1/keys/verify', {
      ...options,
      body: { rawKey, ...request },
    })
    expect(answer.status, answer.text).toBe(200)
    return answer.body
  }

  /** All items of a list, page by page; `path` has a query. */
  async all<Item>(path: string): Promise<Item[]> {
    const items: Item[] = []
    let next = ''
    do {
      const answer: Answer<PageBody<Item>> = await this.call('GET', path + next)
      expect(answer.status, answer.text).toBe(200)
      items.push(...answer.body.items)
      next = answer.body.nextCursor === null ? '' : `&cursor=${answer.body.nextCursor}`
    } while (next !== '')
    return items
  }

  async revoke(id: string): Promise<void> {
    const { status } = await this.call('POST', `/v1/keys/${id}/revoke`)
    expect(status).toBe(200)
  }

  /** Sends bytes as they are, and gives all that comes back until the server hangs up. */
  send(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
      let received = ''
      socket.setEncoding('utf8')
      socket.on('data', (chunk: string) => {
        received += chunk
      })
      socket.on('close', () => resolve(received))
      socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error)
      })
    })
  }

  /** The log lines that hold a text. */
  logged(text: string): string[] {
    return this.logs.filter((line) => line.includes(text))
  }

  readonly stop = async (): Promise<void> => {
    await this.app.close()
    await this.keysmith.close()
    await rm(this.folder, { recursive: true, force: true })
  }
}

export async function startServer({ wrapStore, ...options }: ServerSetup = {}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'keysmith-http-'))
  const store = sqlite(join(folder, 'keysmith.db'))
  const logs: string[] = []
  const logger = pino({ level: 'trace' }, { write: (line: string) => logs.push(line) })
  const keysmith = createKeysmith({ logger, ...options, store: wrapStore ? wrapStore(store) : store })
  const rootKey = `root-${randomBytes(24).toString('base64url')}`
  const app = await createServer({ keysmith, rootKey, logger })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return new RunningServer({ app, keysmith, url: `http://127.0.0.1:${port}`, rootKey, folder, logs })
}

/** A clock that stands still until it is moved. */
export function fakeClock(start = Date.UTC(2030, 0, 1)) {
  let now = start
  const clock = () => now
  return Object.assign(clock, {
    advance(milliseconds: number) {
      now += milliseconds
    },
  })
}

export const SECOND = 1_000
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** That an answer is an error in the form of RFC 9457, with this status and code. */
export function expectProblem(answer: Answer<Problem>, status: number, code: ProblemCode): void {
  expect(`${answer.status} ${answer.body?.code}`, answer.text).toBe(`${status} ${code}`)
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  expect(answer.body).toMatchObject({
    type: `urn:keysmith:error:${code}`,
    title: expect.any(String),
    detail: expect.any(String),
    status,
  })
  const requestId = answer.headers.get('x-request-id')
  expect(requestId).toMatch(/^[\w-]{1,64}$/)
  expect(answer.body.requestId).toBe(code === 'invalid' ? undefined : requestId)
}
