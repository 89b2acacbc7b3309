// @ts-check
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { compare, spread } from './rounds.mjs'
import { shuffled } from './seed.mjs'

const CONNECTIONS = 64
const SECONDS_A_ROUND = 3
const MAX_ROUNDS = 5
const KEYS_IN_MEMORY = 1_000
// The load goes through these again and again; a message with more of them takes too long to hand over.
const MAX_REQUESTS = 20_000
const ROOT_KEY = 'root-management-key-of-the-benchmark'

/**
 * `POST /v1/keys/verify` against a bare Fastify route that has a schema, and takes and answers as many bytes. Server
 * and load are processes of their own. The CPU that the server used for a request is the figure to trust: throughput
 * also depends on what else the machine does.
 *
 * @param {import('./run.mjs').Plan} plan
 */
export async function measureHttpVerify(plan) {
  const { path, rawKeys } = await plan.seededFile()
  return [
    await measureServer(
      plan,
      'memory, 1,000 keys',
      { kind: 'memory', rootKey: ROOT_KEY, keys: KEYS_IN_MEMORY },
      [],
    ),
    await measureServer(
      plan,
      `SQLite, ${rawKeys.length.toLocaleString('en')} keys`,
      { kind: 'sqlite', rootKey: ROOT_KEY, path },
      rawKeys,
    ),
  ]
}

/**
 * @param {import('./run.mjs').Plan} plan
 * @param {string} what
 * @param {import('./http/server.mjs').Served} served
 * @param {readonly string[]} seeded raw keys of the store, unless the server makes them
 */
async function measureServer(plan, what, served, seeded) {
  const keysmith = await startServer(served)
  const rawKeys = shuffled(seeded.length > 0 ? seeded : keysmith.rawKeys).slice(0, MAX_REQUESTS)
  const bare = await startServer({ kind: 'bare', answer: await verifyOnce(keysmith.port, rawKeys[0] ?? '') })
  const load = startProcess('load.mjs')
  const requests = rawKeys.map(toRequest)
  const rounds = Math.min(plan.rounds, MAX_ROUNDS)

  /** @param {typeof bare} server */
  const round = async ({ port, process }) => {
    const before = await ask(process, 'cpu')
    const result = await ask(load, {
      port,
      requests,
      connections: CONNECTIONS,
      seconds: SECONDS_A_ROUND * plan.effort,
    })
    const after = await ask(process, 'cpu')
    if (result.refused > 0) throw new Error(`${result.refused} requests of the benchmark were refused.`)
    const microseconds = after.user + after.system - before.user - before.system
    return { ...result, cpu: (microseconds * 1000) / result.operations }
  }
  const result = await compare(
    { rounds, warmUps: 1 },
    { name: 'bare Fastify route', round: () => round(bare) },
    { name: 'POST /v1/keys/verify', round: () => round(keysmith) },
  )
  for (const { process } of [keysmith, bare, { process: load }]) process.disconnect()
  const cpuRatio = spread(
    result.candidate.rounds.map(
      ({ cpu }, index) => (result.yardstick.rounds[index]?.cpu ?? Number.NaN) / (cpu ?? Number.NaN),
    ),
  )
  return { name: `HTTP verify, ${what}`, ...result, cpuRatio }
}

/** @param {import('./http/server.mjs').Served} served */
async function startServer(served) {
  const process = startProcess('server.mjs')
  const { port, rawKeys } = await ask(process, served)
  return { process, port, rawKeys }
}

/** @param {string} file */
function startProcess(file) {
  return fork(join(import.meta.dirname, 'http', file))
}

/** @param {import('node:child_process').ChildProcess} process @param {import('node:child_process').Serializable} question */
async function ask(process, question) {
  const asked = new AbortController()
  const { signal } = asked
  process.send(question)
  const ended = once(process, 'exit', { signal }).then(() => {
    throw new Error('A process of the benchmark ended before its time.')
  })
  try {
    const [answer] = await Promise.race([once(process, 'message', { signal }), ended])
    return answer
  } finally {
    ended.catch(() => undefined)
    asked.abort()
  }
}

/** @param {number} port @param {string} rawKey */
async function verifyOnce(port, rawKey) {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/keys/verify`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ROOT_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ rawKey }),
  })
  return answer.json()
}

/** @param {string} rawKey */
function toRequest(rawKey) {
  const body = JSON.stringify({ rawKey })
  return [
    'POST /v1/keys/verify HTTP/1.1',
    'host: 127.0.0.1',
    `authorization: Bearer ${ROOT_KEY}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    '',
    body,
  ].join('\r\n')
}
