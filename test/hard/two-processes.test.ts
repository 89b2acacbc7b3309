import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newFolder, query, randomUpTo, ServerProcess } from './server-process.ts'

const { database, remove } = await newFolder()
let first: ServerProcess
let second: ServerProcess

beforeAll(async () => {
  // Both at once: one migrates, the other waits.
  ;[first, second] = await Promise.all([ServerProcess.start(database), ServerProcess.start(database)])
})

afterAll(async () => {
  const codes = await Promise.all([first.end('SIGTERM'), second.end('SIGTERM')])
  await remove()
  expect(codes).toEqual([0, 0])
})

/** Keeps both servers busy until told to stop. Gives how many calls were answered. */
function load(): () => Promise<number> {
  let running = true
  let answered = 0
  const lanes = [first, second, first, second].map(async (server) => {
    const { rawKey } = await server.create({ name: 'load' })
    while (running) {
      expect(await server.verify(rawKey)).toBe('valid')
      if (randomUpTo(4) === 0) await server.create({ name: 'load' })
      answered++
    }
  })
  return async () => {
    running = false
    await Promise.all(lanes)
    return answered
  }
}

const pair = (round: number) =>
  (round % 2 === 0 ? [first, second] : [second, first]) as [ServerProcess, ServerProcess]
const change = (server: ServerProcess, id: string, to: string, body: object = {}) =>
  server.call('POST', `/v1/keys/${id}/${to}`, body)

describe('two servers on one SQLite file', () => {
  test('what one has revoked, the other refuses at its very next verify: 300 times, under load', async () => {
    const stop = load()
    for (let round = 0; round < 300; round++) {
      const [here, there] = pair(round)
      const { id, rawKey } = await here.create()
      expect(await there.verify(rawKey)).toBe('valid')
      expect((await change(here, id, 'revoke')).status).toBe(200)
      expect(await there.verify(rawKey), `round ${round}`).toBe('revoked')
    }
    expect(await stop()).toBeGreaterThan(300)
  })

  test('a key that one has made, the other knows at once, also when it was asked for that identifier before', async () => {
    for (let round = 0; round < 20; round++) {
      const [here, there] = pair(round)
      const { id, rawKey } = await here.create()
      expect(await there.verify(rawKey)).toBe('valid')
      expect((await here.call('DELETE', `/v1/keys/${id}`)).status).toBe(204)
      expect(await there.verify(rawKey)).toBe('invalid')
    }
  })

  test('revoke at the same time as rotate, suspend and reactivate: revoked stays revoked, 200 times', async () => {
    const outcomes = new Map<string, number>()
    for (let round = 0; round < 200; round++) {
      const [here, there] = pair(round)
      const { id, rawKey } = await here.create()
      const rotation = there.call<{ rawKey?: string; code?: string }>('POST', `/v1/keys/${id}/rotate`, {})
      const answers = await Promise.all([
        change(here, id, 'revoke'),
        rotation,
        change(there, id, 'suspend'),
        change(here, id, 'reactivate'),
        change(there, id, 'reactivate'),
      ])
      const [revocation, ...others] = answers
      expect(revocation.status).toBe(200)
      for (const { status } of others) expect([200, 409]).toContain(status)
      const statuses = others.map(({ status }) => status).join()
      outcomes.set(statuses, (outcomes.get(statuses) ?? 0) + 1)
      const rotated = (await rotation).body.rawKey
      for (const server of [here, there]) {
        expect(await server.verify(rawKey), `round ${round}`).toBe('revoked')
        if (rotated) expect(await server.verify(rotated), `round ${round}`).toBe('revoked')
        for (const to of ['reactivate', 'suspend', 'rotate']) {
          expect((await change(server, id, to)).status, `${to} in round ${round}`).toBe(409)
        }
        expect(await server.verify(rawKey)).toBe('revoked')
      }
    }
    // The order was not always the same: these were races.
    expect(outcomes.size).toBeGreaterThan(1)
    const twice = `select key_id from keysmith_audit where action = 'key.revoked' group by key_id having count(*) > 1`
    expect(query(database, twice)).toEqual([])
  })

  test('20 changes of one key at once, over both, are all made, one after the other', async () => {
    const { id } = await first.create()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        pair(index)[0].call<{ key: { version: number } }>('PATCH', `/v1/keys/${id}`, {
          description: `${index}`,
        }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    expect(answers.map(({ body }) => body.key.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 2),
    )
  })

  test('one Idempotency-Key, sent to both at once 50 times, makes one key each time', async () => {
    for (let round = 0; round < 50; round++) {
      const body = { name: `once ${round}` }
      const headers = { 'idempotency-key': `round-${round}` }
      const answers = await Promise.all(
        [first, second, first, second].map((server) =>
          server.call<{ key?: { id: string }; rawKey?: string }>('POST', '/v1/keys', body, headers),
        ),
      )
      const made = answers.filter(({ body: { rawKey } }) => rawKey !== undefined)
      expect(made).toHaveLength(1)
      for (const answer of answers) {
        expect([201, 409]).toContain(answer.status)
        if (answer.status === 201) expect(answer.body.key?.id).toBe(made[0]?.body.key?.id)
      }
    }
  })
})
