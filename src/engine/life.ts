import { KeysmithError } from '../core/errors.ts'
import type { Engine } from './engine.ts'
import { missingPeppers } from './health.ts'

/** From first use to close. The first call opens the store; one that fails leaves it to the next call to try again. */
export interface Life {
  readonly isOpen: () => boolean
  /** @throws {KeysmithError} `closed` after close */
  readonly ready: () => Promise<void>
  readonly close: () => Promise<void>
}

export function liveOnce(engine: Engine): Life {
  let open = false
  let opening: Promise<void> | undefined
  let closing: Promise<void> | undefined

  async function openStore(): Promise<void> {
    await engine.store.open()
    const [finding] = await missingPeppers(engine)
    if (finding) throw new KeysmithError('pepper_missing', `${finding.cause} ${finding.fix}`)
    open = true
  }

  async function close(): Promise<void> {
    const wasOpen = open
    open = false
    engine.events.emit('shutdown', () => ({}))
    await engine.background.settle()
    if (wasOpen) await engine.lastUsed.flush()
    engine.lastUsed.stop()
    await engine.store.close()
  }

  return {
    isOpen: () => open,
    async ready() {
      if (closing) throw new KeysmithError('closed', 'This Keysmith was closed. Make a new one.')
      opening ??= openStore().catch((error: unknown) => {
        opening = undefined
        throw error
      })
      await opening
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}
