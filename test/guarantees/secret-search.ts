import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { EventName } from '../../src/engine/events.ts'
import { forge, secretOf } from '../forge.ts'
import type { CreatedBody, RotatedBody, RunningServer } from '../http/running-server.ts'

const AT_ONCE = 20
// Sixteen characters of base62 are 95 bits: enough to know a secret by, also one that was cut.
const NEEDLE = 16

/** Runs work for every item, some at a time. */
async function each<Item>(items: readonly Item[], work: (item: Item, index: number) => Promise<void>) {
  const waiting = items.map((item, index) => [item, index] as const)
  const lanes = Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await work(...next)
  })
  await Promise.all(lanes)
}

/** The secrets of which any part of 16 characters from their start is in a text. */
function secretsIn(text: string, needles: ReadonlyMap<string, string>): Set<string> {
  const found = new Set<string>()
  for (const [run] of text.matchAll(/[0-9A-Za-z]{16,}/g)) {
    for (let start = 0; start + NEEDLE <= run.length; start++) {
      const secret = needles.get(run.slice(start, start + NEEDLE))
      if (secret !== undefined) found.add(secret)
    }
  }
  return found
}

/**
 * Creates and rotates so many keys over HTTP, uses them rightly and wrongly, and looks for each secret in the database,
 * its WAL, the logs, the events and all answers but the one that showed it.
 */
export async function expectNoSecretAnywhere(server: RunningServer, keys: number): Promise<void> {
  const needles = new Map<string, string>()
  const remember = (rawKey: string) => {
    const secret = secretOf(rawKey)
    expect(secret).toHaveLength(43)
    needles.set(secret.slice(0, NEEDLE), secret)
  }
  const answers: string[] = []
  const events: string[] = []
  const names: EventName[] = [
    'key.created',
    'key.create_failed',
    'key.validated',
    'key.validation_failed',
    'key.rotated',
    'key.revoked',
    'key.suspended',
    'key.purged',
  ]
  for (const name of names) server.keysmith.on(name, (event) => void events.push(JSON.stringify(event)))
  const ask = async (method: string, path: string, options = {}) => {
    const { text, headers } = await server.call(method, path, options)
    answers.push(text, [...headers].join())
  }

  const created: CreatedBody[] = []
  await each(Array(keys).fill('key'), async (_name, index) => {
    const headers: Record<string, string> = index % 10 === 0 ? { 'idempotency-key': `token-${index}` } : {}
    const body = { name: `key ${index}`, scopes: ['read'] }
    const made = await server.create(body, { headers })
    remember(made.rawKey)
    created.push(made)
    answers.push(JSON.stringify(made.key))
    if (index % 10 === 0) await ask('POST', '/v1/keys', { body, headers })
  })
  const rotated: CreatedBody[] = []
  await each(created, async ({ key }, index) => {
    const body = index % 2 ? { reason: 'compromise' } : { gracePeriod: '1h' }
    const answer = await server.call<RotatedBody>('POST', `/v1/keys/${key.id}/rotate`, { body })
    expect(answer.status).toBe(200)
    const { rawKey, ...rest } = answer.body
    remember(rawKey)
    rotated.push({ key, rawKey })
    answers.push(JSON.stringify(rest))
  })
  expect(needles.size).toBe(2 * keys)

  await each([...created, ...rotated], async ({ key, rawKey }, index) => {
    await ask('POST', '/v1/keys/verify', { body: { rawKey, scopes: index % 3 ? 'read' : 'write' } })
    // What people do by mistake.
    if (index % 8 === 0) await ask('GET', '/v1/keys', { key: rawKey })
    if (index % 8 === 1) await ask('GET', `/v1/keys/${rawKey}`)
    if (index % 8 === 2) await ask('GET', `/v1/keys?q=${rawKey}`)
    if (index % 8 === 3) await ask('POST', `/v1/keys/${rawKey}/revoke`)
    if (index % 8 === 4) await ask('GET', `/${rawKey}?api_key=${rawKey}`)
    if (index % 8 === 5) await ask('POST', '/v1/keys/verify', { body: `{"rawKey":"${rawKey}` })
    if (index % 8 === 6) await ask('GET', `/v1/keys?cursor=${rawKey}`)
    if (index % 8 === 7) await ask('GET', `/v1/keys/%zz${rawKey}`)
    if (index % 4 === 0) await ask('POST', `/v1/keys/${key.id}/${index % 8 ? 'revoke' : 'suspend'}`)
    if (index % 4 === 1) await ask('POST', '/v1/keys/verify', { body: { rawKey: forge(key.identifier) } })
  })
  for (const list of ['/v1/keys', '/v1/audit', '/v1/rotations']) {
    answers.push(JSON.stringify(await server.all(`${list}?limit=100`)))
  }

  const places = new Map([
    ['answers', answers.join('\n')],
    ['events', events.join('\n')],
    ['logs', server.logs.join('\n')],
  ])
  for (const file of await readdir(server.folder)) {
    places.set(file, await readFile(join(server.folder, file), 'latin1'))
  }
  expect([...places.keys()].sort()).toEqual(
    ['answers', 'events', 'keysmith.db', 'keysmith.db-shm', 'keysmith.db-wal', 'logs'].sort(),
  )
  // The search finds what is there: each identifier is in the database.
  const identifiers = new Map(created.map(({ key }) => [key.id.slice(5, 5 + NEEDLE), key.id]))
  const data = [places.get('keysmith.db'), places.get('keysmith.db-wal')].join('\n')
  expect(secretsIn(data, identifiers).size).toBe(identifiers.size)
  for (const [place, text] of places) {
    expect(text.length, place).toBeGreaterThan(1_000)
    expect([...secretsIn(text, needles)], place).toEqual([])
  }
}
