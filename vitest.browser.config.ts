import { defineConfig } from 'vitest/config'
import { reporters } from './test/workshop/reporters.ts'

/** What a person would see, in a real Chromium. */
export default defineConfig({
  test: { include: ['test/browser/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, reporters },
})
