import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { openHandle } from '../../src/store/sql/sqlite/sqlite-handle.ts'
import { newFolder, ServerProcess } from './server-process.ts'

/** Another process (this one) holds the write lock of the database that the server works on. */

const { database, remove } = await newFolder()
const server = await ServerProcess.start(database)
afterAll(async () => {
  await server.end('SIGTERM')
  await remove()
})

// As the store has it by default.
const LOCK_TIMEOUT_MS = 5_000

async function whileLocked(milliseconds: number, work: () => Promise<void>): Promise<void> {
  const handle = openHandle(database)
  handle.exec('begin immediate')
  const done = work()
  await sleep(milliseconds)
  handle.exec('commit')
  handle.close()
  await done
}

async function timed<Answer>(work: Promise<Answer>): Promise<[Answer, number]> {
  const began = performance.now()
  return [await work, performance.now() - began]
}

test('locked for 3 s: keys verify and lists are read meanwhile, changes wait and are made', async () => {
  const { id, rawKey } = await server.create()
  const waits: number[] = []
  let locked = true
  await whileLocked(3_000, async () => {
    const readers = Array.from({ length: 4 }, async () => {
      while (locked) {
        const [code, took] = await timed(server.verify(rawKey))
        expect(code).toBe('valid')
        waits.push(took)
        expect((await server.call('GET', '/v1/keys')).status).toBe(200)
      }
    })
    const writes = await Promise.all([
      timed(server.create().then(() => 201)),
      timed(server.call('PATCH', `/v1/keys/${id}`, { name: 'waited' }).then(({ status }) => status)),
      timed(server.call('POST', '/v1/scopes', { name: 'waited' }).then(({ status }) => status)),
    ])
    locked = false
    await Promise.all(readers)
    for (const [status, took] of writes) {
      expect([200, 201]).toContain(status)
      expect(took).toBeGreaterThan(2_000)
      expect(took).toBeLessThan(LOCK_TIMEOUT_MS)
    }
  })
  expect(waits.length).toBeGreaterThan(50)
  const median = waits.toSorted((a, b) => a - b)[waits.length >> 1]
  expect(median).toBeLessThan(50)
})

test('locked for longer than the limit: 503 with Retry-After, for all who wait, and well again afterwards', async () => {
  const { id, rawKey } = await server.create()
  const others = await Promise.all(Array.from({ length: 20 }, () => server.create()))
  await whileLocked(LOCK_TIMEOUT_MS + 3_000, async () => {
    const writes = await Promise.all(
      [{ id }, ...others].map((key) => timed(server.call('POST', `/v1/keys/${key.id}/revoke`))),
    )
    for (const [{ status, headers, body }, took] of writes) {
      expect(`${status} ${body.code}`).toBe('503 unavailable')
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      expect(took).toBeLessThan(LOCK_TIMEOUT_MS + 1_500)
    }
    expect(await server.verify(rawKey)).toBe('valid')
  })
  expect(await server.verify(rawKey)).toBe('valid')
  expect((await server.call('POST', `/v1/keys/${id}/revoke`)).status).toBe(200)
  expect(await server.verify(rawKey)).toBe('revoked')
})
