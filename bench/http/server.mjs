// @ts-check
import Fastify from 'fastify'
import { createKeysmith } from '../../dist/create-keysmith.js'
import { createServer } from '../../dist/server/server.js'
import { memory } from '../../dist/store/memory/memory-store.js'
import { sqlite } from '../../dist/store/sql/sqlite/sqlite.js'
import { seedStore } from '../seed.mjs'

/**
 * A server in a process of its own. Told what to serve, it says where it listens; asked at any time, what CPU it used.
 *
 * @typedef {{ kind: 'memory', rootKey: string, keys: number }
 *   | { kind: 'sqlite', rootKey: string, path: string }
 *   | { kind: 'bare', answer: object }} Served
 */

process.on('message', async (/** @type {Served | 'cpu'} */ message) => {
  if (message === 'cpu') {
    process.send?.(process.cpuUsage())
    return
  }
  const { server, rawKeys } = message.kind === 'bare' ? bare(message.answer) : await keysmithOn(message)
  await server.listen({ host: '127.0.0.1', port: 0 })
  process.send?.({ port: server.addresses()[0]?.port, rawKeys })
})
process.on('disconnect', () => process.exit())

/** @param {Exclude<Served, { kind: 'bare' }>} served */
async function keysmithOn(served) {
  const store = served.kind === 'memory' ? memory() : sqlite(served.path)
  const rawKeys = served.kind === 'memory' ? await seedStore(store, served.keys) : []
  const keysmith = createKeysmith({ store })
  await keysmith.ready()
  return { server: await createServer({ keysmith, rootKey: served.rootKey }), rawKeys }
}

/**
 * The least that a Fastify route can do: read a body, hold it against a schema, answer by a schema.
 *
 * @param {object} answer
 */
function bare(answer) {
  const server = Fastify()
  const body = {
    type: 'object',
    properties: { rawKey: { type: 'string' } },
    required: ['rawKey'],
    additionalProperties: false,
  }
  server.post(
    '/v1/keys/verify',
    { schema: { body, response: { 200: schemaOf(answer) } } },
    async () => answer,
  )
  return { server, rawKeys: [] }
}

/** @param {unknown} value @returns {object} */
function schemaOf(value) {
  if (Array.isArray(value)) return { type: 'array', items: schemaOf(value[0] ?? '') }
  if (value === null) return { type: ['string', 'null'] }
  if (typeof value !== 'object') return { type: typeof value }
  const properties = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, schemaOf(part)]))
  return { type: 'object', properties }
}
