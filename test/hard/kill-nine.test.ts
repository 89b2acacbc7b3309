import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MAX_KEPT_CREDENTIALS } from '../../src/core/credential.ts'
import { newFolder, query, randomUpTo, ServerProcess } from './server-process.ts'

const BURSTS = 200
// Starting is most of the time: several databases side by side.
const LANES = 4
const AT_ONCE = 12
const LONGEST_BURST_MS = 150

interface Known {
  readonly id: string
  readonly name: string
  rawKey: string
  /** A rotation was sent and not acknowledged: either raw key may be the newest. */
  rotationUnsure: boolean
  revocation: 'none' | 'sent' | 'acknowledged'
}

/** Each row is a thing that must never be: a count of 0 says that it is not. */
const HALVES = {
  'keys without a credential':
    'select 1 from keysmith_keys k where not exists (select 1 from keysmith_credentials c where c.key_id = k.id)',
  'keys without their audit event': `select 1 from keysmith_keys k where 1 <> (select count(*) from keysmith_audit a where a.key_id = k.id and a.action = 'key.created')`,
  'keys without their scopes': `select 1 from keysmith_keys where scopes <> '["of:' || name || '"]'`,
  'credentials without a key':
    'select 1 from keysmith_credentials where key_id not in (select id from keysmith_keys)',
  'audit events without a key':
    'select 1 from keysmith_audit where key_id not in (select id from keysmith_keys)',
  'claims without a key': 'select 1 from keysmith_claims where key_id not in (select id from keysmith_keys)',
  'revocations that are not both state and audit event': `select 1 from keysmith_keys k where (k.state = 'revoked') <> (select count(*) from keysmith_audit a where a.key_id = k.id and a.action = 'key.revoked')`,
  'rotations without their audit event': `select 1 from keysmith_keys k where (select count(*) from keysmith_rotations r where r.key_id = k.id) <> (select count(*) from keysmith_audit a where a.key_id = k.id and a.action = 'key.rotated')`,
  'rotations without their credential': `select 1 from keysmith_keys k where (select count(*) from keysmith_credentials c where c.key_id = k.id) <> min(${MAX_KEPT_CREDENTIALS}, 1 + (select count(*) from keysmith_rotations r where r.key_id = k.id))`,
  'keys whose newest credential is not the one that lives':
    'select 1 from keysmith_keys k where 1 <> (select count(*) from keysmith_credentials c where c.key_id = k.id and c.ends_at is null and c.hint = k.hint)',
}

/** Sends creates, rotations and revocations, several at a time, and kills the server in the midst of them. */
async function burst(server: ServerProcess, known: Known[], round: number): Promise<number> {
  let acknowledged = 0
  let named = 0
  let dead = false
  const free = known.filter(({ revocation, rotationUnsure }) => revocation === 'none' && !rotationUnsure)

  async function create(): Promise<void> {
    const name = `${round}-${named++}`
    const made = await server.create({ name, scopes: [`of:${name}`] })
    known.push({ ...made, name, rotationUnsure: false, revocation: 'none' })
  }

  async function revoke(target: Known): Promise<void> {
    target.revocation = 'sent'
    const { status } = await server.call('POST', `/v1/keys/${target.id}/revoke`)
    expect(status).toBe(200)
    target.revocation = 'acknowledged'
  }

  async function rotate(target: Known): Promise<void> {
    target.rotationUnsure = true
    const body = { reason: 'compromise' }
    const answer = await server.call<{ rawKey: string }>('POST', `/v1/keys/${target.id}/rotate`, body)
    expect(answer.status).toBe(200)
    target.rawKey = answer.body.rawKey
    target.rotationUnsure = false
  }

  let tellFirst = () => {}
  const first = new Promise<void>((resolve) => {
    tellFirst = resolve
  })
  const work = Array.from({ length: AT_ONCE }, async (_, index) => {
    for (let turn = index; !dead; turn++) {
      const target = turn % 3 === 0 ? undefined : free.splice(randomUpTo(free.length), 1)[0]
      if (!target) await create()
      else await (turn % 3 === 1 ? revoke(target) : rotate(target))
      acknowledged++
      tellFirst()
    }
  })
  const ended = Promise.allSettled(work)
  await Promise.race([first, ended])
  await sleep(randomUpTo(LONGEST_BURST_MS))
  dead = true
  await server.end('SIGKILL')
  for (const { reason } of (await ended).filter((one) => one.status === 'rejected')) {
    // The connection broke: nothing was acknowledged. Anything else is a failure.
    expect(String(reason)).toMatch(/fetch failed|terminated|JSON/)
  }
  return acknowledged
}

async function lane(rounds: number): Promise<{ acknowledged: number; keys: number }> {
  const { database, remove } = await newFolder()
  const known: Known[] = []
  let acknowledged = 0
  let server = await ServerProcess.start(database)
  try {
    for (let round = 0; round < rounds; round++) {
      const before = new Set(known.map(({ revocation, rawKey }) => `${rawKey}${revocation}`))
      acknowledged += await burst(server, known, round)
      server = await ServerProcess.start(database)
      // What is new since the last burst; all of it once more at the end.
      const last = round === rounds - 1
      const changed = last ? known : known.filter((key) => !before.has(`${key.rawKey}${key.revocation}`))
      await Promise.all(changed.map((key) => expectAsAcknowledged(server, key)))
      for (const [what, sql] of Object.entries(HALVES)) expect(query(database, sql), what).toEqual([])
    }
    expect(query(database, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    return { acknowledged, keys: known.length }
  } finally {
    await server.end('SIGKILL')
    await remove()
  }
}

async function expectAsAcknowledged(server: ServerProcess, key: Known): Promise<void> {
  const code = await server.verify(key.rawKey)
  const possible = new Set(
    key.revocation === 'none' ? ['valid'] : key.revocation === 'sent' ? ['valid', 'revoked'] : ['revoked'],
  )
  if (key.rotationUnsure) possible.add('rotated')
  expect(possible, `${key.name}: ${JSON.stringify(key.revocation)}`).toContain(code)
}

test('after kill -9 in 200 bursts of changes each acknowledged one is there, and never half a key', async () => {
  const lanes = await Promise.all(Array.from({ length: LANES }, () => lane(BURSTS / LANES)))
  // The bursts were no idle ones: a few changes each.
  expect(lanes.reduce((sum, { acknowledged }) => sum + acknowledged, 0)).toBeGreaterThan(BURSTS * 2)
})
