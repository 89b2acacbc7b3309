// @ts-check

/**
 * @typedef {{ median: number, least: number, most: number }} Spread
 * @typedef {{ name: string, operationsPerSecond: Spread, p50?: Spread, p99?: Spread, cpu?: Spread }} Summary
 * @typedef {{ name: string, yardstick: Summary, candidate: Summary, ratio: Spread, cpuRatio?: Spread }} Figure
 */

const HEAD = ['', 'calls/s', 'ratio', 'spread', 'p50', 'p99', 'CPU a call', 'CPU ratio']

/**
 * A row for each yardstick, and one for what stands beside it.
 *
 * @param {readonly Figure[]} figures
 */
export function formatTable(figures) {
  const rows = figures.flatMap(({ name, yardstick, candidate, ratio, cpuRatio }) => [
    [name],
    [`  ${yardstick.name}`, ...speed(yardstick), '1', '', ...times(yardstick)],
    [
      `  ${candidate.name}`,
      ...speed(candidate),
      ratio.median.toFixed(2),
      `${ratio.least.toFixed(2)}–${ratio.most.toFixed(2)}`,
      ...times(candidate),
      cpuRatio ? cpuRatio.median.toFixed(2) : '',
    ],
  ])
  const widths = HEAD.map((_, column) =>
    Math.max(...[HEAD, ...rows].map((row) => (row.length === 1 ? 0 : (row[column]?.length ?? 0)))),
  )
  const lines = [HEAD, ...rows].map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
  return `${lines.join('\n')}\n`
}

/** @param {Summary} summary */
const speed = ({ operationsPerSecond }) => [Math.round(operationsPerSecond.median).toLocaleString('en')]

/** @param {Summary} summary */
const times = ({ p50, p99, cpu }) => [micro(p50), micro(p99), micro(cpu)]

/** @param {Spread | undefined} nanoseconds */
const micro = (nanoseconds) => (nanoseconds ? `${(nanoseconds.median / 1000).toPrecision(3)} µs` : '')
