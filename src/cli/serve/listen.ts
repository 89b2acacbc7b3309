import type { FastifyInstance } from 'fastify'
import { KeysmithError } from '../../core/errors.ts'
import type { Settings } from '../settings/settings.ts'

const CAUSES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there. Stop it, or choose another --port',
  EACCES: 'that port is for privileged users. Choose a --port from 1024 on',
  EADDRNOTAVAIL: 'this machine has no such address. Choose another --host',
  ENOTFOUND: 'the host name is not known. Choose another --host',
}

/**
 * Starts to listen.
 *
 * @returns the origin of the server's URLs
 * @throws {KeysmithError} `invalid_configuration` when the address can't be had
 */
export async function listen(server: FastifyInstance, { host, port }: Settings): Promise<string> {
  // Fastify would tell it at once; the banner is to come first.
  const { level } = server.log
  server.log.level = 'silent'
  try {
    await server.listen({ host, port })
  } catch (error) {
    const cause = CAUSES[(error as NodeJS.ErrnoException).code ?? '']
    if (cause === undefined) throw error
    throw new KeysmithError('invalid_configuration', `Can't listen on ${host}, port ${port}: ${cause}.`)
  } finally {
    server.log.level = level
  }
  const address = server.server.address()
  const taken = typeof address === 'object' && address ? address.port : port
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
}
