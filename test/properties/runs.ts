/**
 * How many times a property is tried: few in the everyday run, more with `KEYSMITH_FUZZ_RUNS` (a number for all
 * properties).
 */
export function runs(everyday: number): { numRuns: number } {
  const wanted = Number(process.env.KEYSMITH_FUZZ_RUNS ?? everyday)
  if (!Number.isSafeInteger(wanted) || wanted < 1) throw new Error('KEYSMITH_FUZZ_RUNS: give a whole number.')
  return { numRuns: wanted }
}
