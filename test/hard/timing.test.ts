import { Agent, request } from 'node:http'
import { afterAll, expect, test } from 'vitest'
import { forge, unknownIdentifier } from '../forge.ts'
import { newFolder, ROOT_KEY, randomUpTo, ServerProcess } from './server-process.ts'

const ROUNDS = 2_000
const TRIES = 3
const TOLERANCE = 0.05

const { database, remove } = await newFolder()
const server = await ServerProcess.start(database)
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
afterAll(async () => {
  agent.destroy()
  await server.end('SIGTERM')
  await remove()
})

/** Microseconds from the request to the end of its answer, over one connection. */
function time(rawKey: string): Promise<number> {
  const body = JSON.stringify({ rawKey })
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${ROOT_KEY}`,
      'content-type': 'application/json',
      'content-length': body.length,
    }
    const began = process.hrtime.bigint()
    const call = request(`${server.url}/v1/keys/verify`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const took = Number(process.hrtime.bigint() - began) / 1_000
        if (text === '{"valid":false,"code":"invalid"}') resolve(took)
        else reject(new Error(text))
      })
    })
    call.on('error', reject)
    call.end(body)
  })
}

const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0

test('how long a wrong secret takes does not tell whether its key is live, revoked, expired or unknown, all asked for before', async () => {
  const live = await server.create()
  const revoked = await server.create()
  await server.call('POST', `/v1/keys/${revoked.id}/revoke`)
  const expired = await server.create({ expiresIn: '1ms' })
  const unknown = unknownIdentifier()
  const kinds: Record<string, string> = {
    live: live.identifier,
    revoked: revoked.identifier,
    expired: expired.identifier,
    unknown,
  }
  const seen: string[] = []
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const times = new Map(Object.keys(kinds).map((kind) => [kind, [] as number[]]))
    for (let round = -200; round < ROUNDS; round++) {
      // In another order each time, so that none always follows the same one.
      const order = Object.keys(kinds)
      while (order.length > 0) {
        const [kind = ''] = order.splice(randomUpTo(order.length), 1)
        const took = await time(forge(kinds[kind] ?? ''))
        if (round >= 0) times.get(kind)?.push(took)
      }
    }
    const medians = [...times].map(([kind, all]) => [kind, Math.round(median(all))] as const)
    const values = medians.map(([, value]) => value)
    seen.push(medians.map(([kind, value]) => `${kind} ${value} µs`).join(', '))
    if (Math.max(...values) / Math.min(...values) <= 1 + TOLERANCE) return
  }
  expect.fail(`The medians differ by more than ${TOLERANCE * 100} %:\n${seen.join('\n')}`)
})
