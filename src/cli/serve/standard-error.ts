import { writeSync } from 'node:fs'

const STANDARD_ERROR = 2

/** Where logs go. A line that can't be written is dropped: a full disk of logs must not stop the server. */
export const standardError = {
  write(line: string): void {
    try {
      writeSync(STANDARD_ERROR, line)
    } catch {
      // Whoever could be told of it can't be reached.
    }
  },
}
