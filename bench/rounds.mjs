// @ts-check

/**
 * @typedef {{ operations: number, seconds: number, [extra: string]: number | undefined }} Round
 * @typedef {{ name: string, round: (index: number) => Round | Promise<Round> }} Side
 */

/**
 * Runs the sides in turn, round after round, so that what disturbs the machine disturbs all of them.
 *
 * @param {{ rounds: number, warmUps: number }} plan
 * @param {Side} yardstick
 * @param {Side} candidate
 */
export async function compare(plan, yardstick, candidate) {
  /** @type {[Round[], Round[]]} */
  const [yardsticks, candidates] = [[], []]
  for (let index = -plan.warmUps; index < plan.rounds; index++) {
    const [left, right] = [await run(yardstick, index), await run(candidate, index)]
    if (index < 0) continue
    yardsticks.push(left)
    candidates.push(right)
  }
  return {
    yardstick: summarise(yardstick.name, yardsticks),
    candidate: summarise(candidate.name, candidates),
    // Of each pair of neighbours, then the median: a slow minute of the machine leaves it as it is.
    ratio: spread(candidates.map((round, index) => rate(round) / rate(yardsticks[index] ?? round))),
  }
}

/** @param {Side} side @param {number} index */
async function run(side, index) {
  globalThis.gc?.()
  const round = await side.round(index)
  // Timers that came due while the round ran, such as the flush of last uses, belong to the side that caused them.
  await new Promise((resolve) => setImmediate(resolve))
  return round
}

/** @param {Round} round */
export const rate = (round) => round.operations / round.seconds

/** @param {string} name @param {Round[]} rounds */
function summarise(name, rounds) {
  const extras = Object.keys(rounds[0] ?? {}).filter((key) => key !== 'operations' && key !== 'seconds')
  return {
    name,
    operationsPerSecond: spread(rounds.map(rate)),
    ...Object.fromEntries(
      extras.map((key) => [key, spread(rounds.map((round) => round[key] ?? Number.NaN))]),
    ),
    rounds,
  }
}

/** @param {number[]} values */
export function spread(values) {
  return { median: quantile(values, 0.5), least: Math.min(...values), most: Math.max(...values) }
}

/** @param {readonly number[]} values @param {number} share */
export function quantile(values, share) {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}

// Reading the clock around every call would be a good part of what is measured.
const SAMPLE_EVERY = 32

/**
 * Times calls one after the other that answer at once, and how long some of them take.
 *
 * @template Item, Answer
 * @param {readonly Item[]} items
 * @param {(item: Item) => Answer} call
 * @param {(answer: Answer) => boolean} isRight
 * @returns {Round}
 */
export function timeCalls(items, call, isRight) {
  const samples = []
  const start = performance.now()
  for (let index = 0; index < items.length; index++) {
    const item = /** @type {Item} */ (items[index])
    const isSample = index % SAMPLE_EVERY === 0
    const before = isSample ? process.hrtime.bigint() : 0n
    const answer = call(item)
    if (isSample) samples.push(Number(process.hrtime.bigint() - before))
    if (!isRight(answer)) throw new Error('A call of the benchmark was not answered as it should be.')
  }
  return toRound(items.length, start, samples)
}

/**
 * As {@link timeCalls}, for calls that are awaited, one after the other.
 *
 * @template Item, Answer
 * @param {readonly Item[]} items
 * @param {(item: Item) => Promise<Answer>} call
 * @param {(answer: Answer) => boolean} isRight
 * @returns {Promise<Round>}
 */
export async function timeAwaitedCalls(items, call, isRight) {
  const samples = []
  const start = performance.now()
  for (let index = 0; index < items.length; index++) {
    const item = /** @type {Item} */ (items[index])
    const isSample = index % SAMPLE_EVERY === 0
    const before = isSample ? process.hrtime.bigint() : 0n
    const answer = await call(item)
    if (isSample) samples.push(Number(process.hrtime.bigint() - before))
    if (!isRight(answer)) throw new Error('A call of the benchmark was not answered as it should be.')
  }
  return toRound(items.length, start, samples)
}

/** @param {number} operations @param {number} start @param {number[]} samples */
function toRound(operations, start, samples) {
  const seconds = (performance.now() - start) / 1000
  return { operations, seconds, p50: quantile(samples, 0.5), p99: quantile(samples, 0.99) }
}
