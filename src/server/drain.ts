import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

// Clients that keep their connections get an answer that ends them in this time; then connections without a request
// are closed, and requests under way have until the deadline.
const GRACE_MS = 300
const DEADLINE_MS = 10_000

/**
 * Closes without failing anyone: while it closes, the server still answers, each answer ends its connection, and
 * what is idle, half sent or without end can't keep the process from ending.
 */
export function drainOnClose(app: FastifyInstance): void {
  const quiet = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    quiet.add(socket)
    socket.once('close', () => quiet.delete(socket))
  })
  app.addHook('onRequest', async ({ raw }) => {
    quiet.delete(raw.socket)
  })
  app.addHook('onResponse', async ({ raw }) => {
    if (!raw.socket.destroyed) quiet.add(raw.socket)
  })
  app.addHook('preClose', async () => {
    if (!app.server.listening) return
    await sleep(GRACE_MS)
    for (const socket of quiet) socket.destroy()
    const deadline = setTimeout(() => app.server.closeAllConnections(), DEADLINE_MS).unref()
    app.server.once('close', () => clearTimeout(deadline))
  })
}
