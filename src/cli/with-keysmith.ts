import type { Command } from 'commander'
import { nameFlags } from './name-flags.ts'
import type { Session } from './session.ts'

/** An action on the configured database, which is closed afterwards. The engine is loaded only now. */
export function withKeysmith<Parameters extends unknown[]>(
  work: (session: Session, ...parameters: Parameters) => Promise<void>,
): (...parameters: [...Parameters, Command]) => Promise<void> {
  return async (...parameters) => {
    const command = parameters.at(-1) as Command
    const { openSession } = await import('./open-session.ts')
    const session = await openSession(command)
    try {
      await work(session, ...(parameters.slice(0, -1) as Parameters))
    } catch (error) {
      throw nameFlags(error, command)
    } finally {
      await session.keysmith.close()
    }
  }
}
