import heddle from '@heddle/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [
    heddle({
      groups: {
        // Two databases are enough for the tests that need one.
        postgres: { limit: 2 },
        // One account at a payment service, for everything that runs on this machine.
        'third-party-api': { limit: 1, scope: 'machine' },
      },
      rules: [
        { files: 'test/db/**', group: 'postgres' },
        { tests: /@payments/, group: 'third-party-api' },
        { files: 'test/report.test.ts', weight: 2 },
        { files: 'test/smoke.test.ts', priority: 100 },
      ],
    }),
  ],
})
