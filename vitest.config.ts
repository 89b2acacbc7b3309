import { defineConfig } from 'vitest/config'
import { reporters } from './test/workshop/reporters.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['test/hard/**', 'test/browser/**'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters,
  },
})
