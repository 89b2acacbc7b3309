import { type FileHandle, open, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { KeysmithError, UnavailableError } from '../../../core/errors.ts'
import type { SqlStore } from '../sql-store.ts'
import type { SqliteConnections } from './sqlite-connections.ts'
import { explain } from './sqlite-errors.ts'

/** A store in an SQLite file, which can also be copied. */
export interface SqliteStore extends SqlStore {
  /**
   * Copies the database as it is at one moment into a new file, for its user alone (mode 600). Other processes read
   * and change it all the while. This thread does nothing else until the copy is made.
   *
   * @param path of a file that does not exist. When it throws, none is left there.
   * @throws {KeysmithError} `invalid_request` when there is a file already, or none can be made
   */
  backup(path: string): Promise<void>
}

/** As {@link SqliteStore.backup}. */
export async function backUp(connections: SqliteConnections, path: string): Promise<void> {
  const target = resolve(path)
  try {
    connections.open()
    const file = await makeFile(target)
    try {
      await copyInto(connections, target)
      // SQLite itself does not wait for the disk here (https://www.sqlite.org/lang_vacuum.html).
      await file.sync()
    } catch (error) {
      await rm(target, { force: true })
      throw error
    } finally {
      await file.close()
    }
  } catch (cause) {
    if (cause instanceof KeysmithError) throw cause
    throw new UnavailableError(explain(cause) ?? 'The database could not be copied.', { cause })
  }
}

// Into a file that is there and empty: it has its mode from the start, and no one else's copy can come between.
async function copyInto(connections: SqliteConnections, path: string): Promise<void> {
  const release = await connections.takeTurn()
  try {
    connections.writer.execute('vacuum into ?', [path])
  } finally {
    release()
  }
}

async function makeFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const message =
      code === 'EEXIST'
        ? `There is a file ${path} already, and a backup replaces none. Name another, or move that one away.`
        : `The file ${path} can't be made (${code}). Check that its folder exists and can be written.`
    throw new KeysmithError('invalid_request', message, { cause })
  }
}
