import { statSync } from 'node:fs'

const OTHERS_CAN_READ_OR_WRITE = 0o006

/** Whether users outside of the file's group can read or write it. Never so on Windows, which has no such bits. */
export function isExposed(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & OTHERS_CAN_READ_OR_WRITE) !== 0
}
