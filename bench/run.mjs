// @ts-check
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { measureCreateOnSqlite } from './create-sqlite.mjs'
import { measureHttpVerify } from './http-verify.mjs'
import { measureParts } from './parts.mjs'
import { seedFile, shuffled } from './seed.mjs'
import { formatTable } from './table.mjs'
import { measureVerifyInMemory } from './verify-memory.mjs'
import { measureVerifyOnSqlite } from './verify-sqlite.mjs'

/**
 * @typedef {object} Plan
 * @property {number} rounds
 * @property {number} warmUps
 * @property {number} effort share of the usual work of a round
 * @property {() => Promise<{ path: string, rawKeys: string[] }>} seededFile an SQLite file with keys, made once
 */

const BENCHES = {
  'verify-memory': measureVerifyInMemory,
  'verify-sqlite': measureVerifyOnSqlite,
  'create-sqlite': measureCreateOnSqlite,
  'http-verify': measureHttpVerify,
}

const USAGE = `npm run bench -- [options]

  --quick        fewer and shorter rounds: to see that it runs, not to quote
  --only <name>  one of: ${[...Object.keys(BENCHES), 'parts'].join(', ')}; may be repeated
  --keys <n>     keys in the SQLite file, 100000 by default
  --help
`

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
    keys: { type: 'string', default: '100000' },
    help: { type: 'boolean', default: false },
  },
})
const wanted = flags.only ?? [...Object.keys(BENCHES), 'parts']
const keyCount = Number(flags.keys)
const unknown = wanted.find((name) => name !== 'parts' && !(name in BENCHES))
if (flags.help || unknown || !(Number.isSafeInteger(keyCount) && keyCount > 0)) {
  process.stderr.write(unknown ? `There is no bench "${unknown}".\n\n${USAGE}` : USAGE)
  process.exit(flags.help ? 0 : 2)
}

// Each round begins with an empty nursery: no side pays for what another one left behind.
setFlagsFromString('--expose-gc')
globalThis.gc = runInNewContext('gc')

const folder = mkdtempSync(join(tmpdir(), 'keysmith-bench-'))
try {
  const report = {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus()[0]?.model,
      cores: availableParallelism(),
      memoryGB: Math.round(totalmem() / 2 ** 30),
      platform: `${process.platform} ${process.arch}`,
    },
    node: process.version,
    quick: flags.quick,
    ...(await measure(toPlan())),
  }
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  writeFileSync(join(results, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write('\nWritten to bench/results/latest.json\n')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** @param {Plan} plan */
async function measure(plan) {
  const figures = []
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (!wanted.includes(name)) continue
    process.stderr.write(`${name} …\n`)
    figures.push(...(await bench(plan)))
  }
  if (figures.length > 0) process.stdout.write(`\n${formatTable(figures)}`)
  if (!wanted.includes('parts')) return { figures }
  process.stderr.write('parts …\n')
  const parts = await measureParts(plan)
  for (const { name, rows } of parts) {
    process.stdout.write(`\n${name}\n`)
    for (const { part, nanoseconds } of rows) {
      process.stdout.write(`  ${part.padEnd(44)} ${nanoseconds.toFixed(0).padStart(8)} ns\n`)
    }
  }
  return { figures, parts }
}

/** @returns {Plan} */
function toPlan() {
  /** @type {Promise<{ path: string, rawKeys: string[] }> | undefined} */
  let seeded
  return {
    rounds: flags.quick ? 3 : 9,
    warmUps: flags.quick ? 1 : 2,
    effort: flags.quick ? 0.2 : 1,
    seededFile() {
      seeded ??= seed()
      return seeded
    },
  }
}

async function seed() {
  process.stderr.write(`making an SQLite file with ${keyCount.toLocaleString('en')} keys …\n`)
  const path = join(folder, 'keys.db')
  return { path, rawKeys: shuffled(await seedFile(path, keyCount)) }
}
