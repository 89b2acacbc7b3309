import { defineConfig } from 'vitest/config'
import { reporters } from './test/workshop/reporters.ts'

/** What takes longer: crashes, thousands of rounds, timings. One file at a time, so that they don't disturb each other. */
export default defineConfig({
  test: { include: ['test/hard/**/*.test.ts'], testTimeout: 600_000, fileParallelism: false, reporters },
})
