// @ts-check
import { connect } from 'node:net'
import { quantile } from '../rounds.mjs'

/**
 * Load from a process of its own: connections that are kept open, each with one request at a time. Written on bare
 * sockets, with requests that are ready made, so that the server and not the load is what is measured.
 *
 * @typedef {{ port: number, requests: string[], connections: number, seconds: number }} Load
 */

process.on('message', async (/** @type {Load} */ load) => {
  process.send?.(await run(load))
})
process.on('disconnect', () => process.exit())

const SAMPLE_EVERY = 16

/** @param {Load} load */
async function run({ port, requests, connections, seconds }) {
  const buffers = requests.map((request) => Buffer.from(request, 'latin1'))
  const end = performance.now() + seconds * 1000
  const state = { answered: 0, refused: 0, next: 0, bytes: 0 }
  /** @type {number[]} */
  const samples = []
  const start = performance.now()
  await Promise.all(Array.from({ length: connections }, converse))
  const elapsed = (performance.now() - start) / 1000
  return {
    operations: state.answered,
    refused: state.refused,
    seconds: elapsed,
    answerBytes: state.bytes / state.answered,
    p50: quantile(samples, 0.5),
    p99: quantile(samples, 0.99),
  }

  function converse() {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true })
    let received = ''
    let sentAt = 0
    const send = () => {
      sentAt = performance.now()
      socket.write(/** @type {Buffer} */ (buffers[state.next++ % buffers.length]))
    }
    socket.setEncoding('latin1')
    socket.on('connect', send)
    socket.on('data', (/** @type {string} */ chunk) => {
      received += chunk
      const length = answerLength(received)
      if (length === undefined || received.length < length) return
      state.answered++
      state.bytes += length
      if (!(received.startsWith('HTTP/1.1 200') && received.includes('"valid":true'))) state.refused++
      if (state.answered % SAMPLE_EVERY === 0) samples.push((performance.now() - sentAt) * 1e6)
      received = received.slice(length)
      if (performance.now() < end) send()
      else socket.end()
    })
    return new Promise((resolve, reject) => {
      socket.on('close', resolve)
      socket.on('error', reject)
    })
  }
}

/** @param {string} received */
function answerLength(received) {
  const headEnd = received.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, headEnd))?.[1]
  return headEnd + 4 + Number(length)
}
