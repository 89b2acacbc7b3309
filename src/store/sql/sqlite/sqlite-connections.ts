import { setTimeout as sleep } from 'node:timers/promises'
import { isBusy } from './sqlite-errors.ts'
import { openHandle, type SqliteHandle } from './sqlite-handle.ts'
import { Statements } from './statements.ts'

export interface SqliteOptions {
  /** How long a change waits for another process to let go of the database, in milliseconds; 5,000 by default. */
  readonly lockTimeout?: number
}

// SQLite's own wait blocks the thread, and with it every verification of this process. So it is kept short, and the
// long wait, for another process's transaction, is one that lets others run.
const READ_BUSY_TIMEOUT_MS = 50
const WRITE_BUSY_TIMEOUT_MS = 5
const OPEN_BUSY_TIMEOUT_MS = 5_000
const RETRY_MS = 10

/**
 * The connections to one file: one that writes, used by one transaction at a time, and one that reads. In WAL mode
 * readers see the last committed state and never wait for writers, in this process or in another.
 *
 * A database in memory, and a handle of the user's own, have one connection for both.
 */
export class SqliteConnections {
  readonly #source: string | SqliteHandle
  readonly #lockTimeout: number
  #handles: SqliteHandle[] = []
  #writer: Statements | undefined
  #reader: Statements | undefined
  #dataVersion: ReturnType<Statements['query']> | undefined
  #lastInLine: Promise<void> = Promise.resolve()

  constructor(source: string | SqliteHandle, { lockTimeout = 5_000 }: SqliteOptions) {
    this.#source = source
    this.#lockTimeout = lockTimeout
  }

  open(): void {
    if (this.#writer) return
    const source = this.#source
    try {
      const writer = new Statements(typeof source === 'string' ? this.#connect(source) : source)
      writer.exec('pragma journal_mode = wal')
      // An acknowledged change survives a power cut, not only a crash of the process.
      writer.exec('pragma synchronous = full')
      writer.exec(`pragma busy_timeout = ${WRITE_BUSY_TIMEOUT_MS}`)
      this.#reader = isFile(source) ? new Statements(this.#connectReader(source)) : writer
      this.#writer = writer
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Whether reads have a connection of their own. */
  get hasReader(): boolean {
    return isFile(this.#source)
  }

  /**
   * A number that the reader sees change with every commit, by the writer or by another process
   * (https://www.sqlite.org/pragma.html#pragma_data_version).
   */
  dataVersion(): number {
    this.#dataVersion ??= this.reader.query('pragma data_version')
    const [row] = this.#dataVersion([]) as [{ data_version: number }]
    return row.data_version
  }

  get writer(): Statements {
    return this.#writer ?? this.#notOpen()
  }

  get reader(): Statements {
    return this.#reader ?? this.#notOpen()
  }

  /** Waits for the transactions before it in this process. The returned function lets the next one go. */
  async takeTurn(): Promise<() => void> {
    const before = this.#lastInLine
    let release = () => {}
    this.#lastInLine = new Promise((resolve) => {
      release = resolve
    })
    await before
    return release
  }

  /**
   * Begins a transaction that writes, after those before it in this process and in others. The time that it waits for
   * other processes counts from the call, so that those in line give up together, not one after the other.
   *
   * @returns lets the next one go. Nothing has happened when it throws.
   */
  async begin(): Promise<() => void> {
    const deadline = performance.now() + this.#lockTimeout
    const release = await this.takeTurn()
    try {
      await this.#lock(deadline)
      return release
    } catch (error) {
      release()
      throw error
    }
  }

  async #lock(deadline: number): Promise<void> {
    for (;;) {
      try {
        return this.writer.exec('begin immediate')
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error
      }
      await sleep(RETRY_MS)
    }
  }

  close(): void {
    for (const handle of this.#handles.splice(0)) handle.close()
    this.#writer = undefined
    this.#reader = undefined
    this.#dataVersion = undefined
  }

  #connect(path: string): SqliteHandle {
    const handle = openHandle(path)
    this.#handles.push(handle)
    handle.exec(`pragma busy_timeout = ${OPEN_BUSY_TIMEOUT_MS}`)
    return handle
  }

  #connectReader(path: string): SqliteHandle {
    const handle = this.#connect(path)
    handle.exec('pragma query_only = 1')
    handle.exec(`pragma busy_timeout = ${READ_BUSY_TIMEOUT_MS}`)
    return handle
  }

  #notOpen(): never {
    throw new Error('The SQLite database is not open.')
  }
}

function isFile(source: string | SqliteHandle): source is string {
  return typeof source === 'string' && source !== '' && !source.includes(':memory:')
}
