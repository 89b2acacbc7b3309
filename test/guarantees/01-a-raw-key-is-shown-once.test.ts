import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { sqlite } from '../../src/store/sql/sqlite/sqlite.ts'
import { forge, secretOf } from '../forge.ts'
import { issue, newFile, start, type UnderTest } from '../keysmith-under-test.ts'

const KEYS = 200

async function wholeTrail({ keysmith }: UnderTest): Promise<unknown[]> {
  const events: unknown[] = []
  let cursor: string | undefined
  do {
    const page = await keysmith.audit.list({ limit: 100, cursor })
    events.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return events
}

/** Everything that can go wrong with a raw key at hand. */
async function provoke({ keysmith }: UnderTest, rawKey: string, identifier: string): Promise<unknown[]> {
  const thrown = await Promise.allSettled([
    keysmith.keys.authenticate(forge(identifier)),
    keysmith.keys.authenticate(rawKey, { scopes: ['nothing'] }),
    keysmith.keys.authenticate(`${rawKey.slice(0, -1)}!`),
    keysmith.keys.verify(rawKey, { scopes: [{ any: [] }] }),
    keysmith.keys.get(rawKey),
    keysmith.keys.rotate(rawKey),
    keysmith.keys.list({ cursor: rawKey }),
    keysmith.keys.import({ name: 'x', identifier: rawKey.slice(0, 64), hash: 'sha256$x' }),
    keysmith.keys.import({ name: 'x', identifier, hash: `plain$${rawKey}` }),
    keysmith.rotations.list({ keyId: rawKey }),
  ])
  return thrown.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
}

describe('A raw key is shown once.', () => {
  it(`after ${KEYS} creates and rotations no secret is in files, events, audit, errors or logs`, async () => {
    const path = newFile()
    const subject = start({ store: sqlite(path) })
    const { keysmith } = subject
    keysmith.on('key.validated', () => {
      throw new Error('a listener that fails, so that something is logged')
    })
    const rawKeys: string[] = []
    const identifiers: string[] = []
    const shown: unknown[] = []
    for (let round = 0; round < KEYS; round++) {
      const { key, rawKey } = await issue(subject, { name: `key ${round}` })
      const rotated = await keysmith.keys.rotate(key.id)
      rawKeys.push(rawKey, rotated.rawKey)
      identifiers.push(key.identifier)
      shown.push(await keysmith.keys.verify(rawKey), rotated.key, rotated.rotation)
      if (round % 10 === 0) shown.push(...(await provoke(subject, rawKey, key.identifier)))
    }
    shown.push(await keysmith.keys.list({ limit: 100 }), await keysmith.diagnose(), await keysmith.health())

    const files = readdirSync(dirname(path))
    expect(files).toContain('keysmith.db-wal')
    const places: Record<string, string> = {
      ...Object.fromEntries(files.map((file) => [file, readFileSync(join(dirname(path), file), 'latin1')])),
      answers: inspect(shown, { depth: null, maxArrayLength: null, showHidden: true }),
      events: inspect(subject.told, { depth: null, maxArrayLength: null }),
      audit: JSON.stringify(await wholeTrail(subject)),
      logs: inspect(subject.logged, { depth: null, maxArrayLength: null }),
    }
    // The search finds what is there: else it would prove nothing.
    for (const place of ['keysmith.db-wal', 'events', 'audit']) {
      for (const identifier of identifiers) expect(places[place]?.includes(identifier)).toBe(true)
    }
    expect(subject.logged.length).toBeGreaterThan(0)
    for (const [place, text] of Object.entries(places)) {
      const found = rawKeys.filter((rawKey) => text.includes(secretOf(rawKey)))
      expect(found.length, place).toBe(0)
    }
  })

  it('a creation that is repeated with its idempotency key shows no raw key', async () => {
    const { keysmith } = start()
    const first = await keysmith.keys.create({ name: 'x' }, { idempotencyKey: 'once' })
    const again = await keysmith.keys.create({ name: 'x' }, { idempotencyKey: 'once' })
    expect(first.rawKey).toBeDefined()
    expect(again).toEqual({ key: first.key })
  })
})
