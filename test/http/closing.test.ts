import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createKeysmith } from '../../src/create-keysmith.ts'
import { createServer } from '../../src/server/server.ts'

async function listening() {
  const server = await createServer({ keysmith: createKeysmith() })
  await server.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.server.address() as AddressInfo
  return { server, port }
}

describe('a server that closes', () => {
  it.each([
    ['says nothing', ''],
    ['has sent half of a request', 'GET /healthz HTTP/1.1\r\nHost: x\r\n'],
  ])('is not kept from it by a connection that %s', async (_name, sent) => {
    const { server, port } = await listening()
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    socket.write(sent)
    await sleep(50)
    const began = performance.now()
    await server.close()
    expect(performance.now() - began).toBeLessThan(5_000)
    socket.destroy()
  })

  it('still answers, and each answer ends its connection', async () => {
    const { server, port } = await listening()
    const closing = server.close()
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('connection')).toBe('close')
    await closing
  })
})
