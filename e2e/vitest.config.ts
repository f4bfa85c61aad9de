import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.e2e.ts'],
    globalSetup: ['./lib/global-setup.ts'],
    testTimeout: 120_000,
    hookTimeout: 300_000,
    // Each file drives a host with workers of its own; two at once would measure each other.
    fileParallelism: false,
  },
})
