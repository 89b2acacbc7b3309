import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newFolder, query, ROOT_KEY, randomUpTo, ServerProcess } from './server-process.ts'

const ROUNDS = 10
const CLIENTS = 20

interface Created {
  readonly key: { readonly id: string }
  readonly rawKey: string
}

/** Creates a key. Undefined when the server took the request no more: the connection was refused or ended before any answer. */
function create(
  url: string,
  agent: Agent,
  name: string,
): Promise<{ status: number; text: string } | undefined> {
  const body = JSON.stringify({ name })
  const headers = { authorization: `Bearer ${ROOT_KEY}`, 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const call = request(`${url}/v1/keys`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      // An answer that has begun comes to its end.
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', reject)
      response.on('aborted', () => reject(new Error('The answer broke off.')))
    })
    call.on('error', () => resolve(undefined))
    call.end(body)
  })
}

test('SIGTERM under load: every acknowledged request was done, none broke off, and the exit code is 0', async () => {
  const { database, remove } = await newFolder()
  const acknowledged: Created[] = []
  let refused = 0
  for (let round = 0; round < ROUNDS; round++) {
    const server = await ServerProcess.start(database)
    let stopping = false
    let answeredBefore = 0
    let tellFirst = () => {}
    const first = new Promise<void>((resolve) => {
      tellFirst = resolve
    })
    const clients = Array.from({ length: CLIENTS }, async () => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 })
      for (;;) {
        const wasStopping = stopping
        const answer = await create(server.url, agent, `round ${round}`)
        if (answer?.status === 201) acknowledged.push(JSON.parse(answer.text) as Created)
        else {
          // Only once it was told to stop may it refuse, and then in words or by not listening.
          expect(stopping, `${answer?.status} ${answer?.text}`).toBe(true)
          if (answer) expect(answer.status).toBe(503)
          refused++
          if (wasStopping) break
        }
        if (!stopping) answeredBefore++
        tellFirst()
      }
      agent.destroy()
    })
    await first
    await sleep(randomUpTo(200))
    stopping = true
    expect(await server.end('SIGTERM')).toBe(0)
    await Promise.all(clients)
    expect(answeredBefore).toBeGreaterThan(0)
    expect(server.errors).toBe('')
  }
  expect(refused).toBeGreaterThanOrEqual(ROUNDS * CLIENTS)

  const stored = new Set(query<{ id: string }>(database, 'select id from keysmith_keys').map(({ id }) => id))
  expect(acknowledged.filter(({ key }) => !stored.has(key.id))).toEqual([])
  const server = await ServerProcess.start(database)
  for (const { rawKey } of acknowledged.slice(-50)) expect(await server.verify(rawKey)).toBe('valid')

  // The last uses that were gathered are written before it ends.
  expect(await server.end('SIGTERM')).toBe(0)
  const used = query<{ used: number }>(database, 'select count(last_used_at) as used from keysmith_keys')
  expect(used[0]?.used).toBe(Math.min(50, acknowledged.length))
  await remove()
})
