import { expect, test } from 'vitest'
import { checkResets } from './reset-property.js'
import { serverPlace } from './reset-place.js'

const n = Number(process.env['HEDDLE_WORKLOADS'] ?? 50)
const seed = Number(process.env['HEDDLE_SEED'] ?? 1)
for (const role of ['superuser', 'owner'] as const) {
  test(`server ${role}`, { timeout: 600_000 }, async () => {
    const place = await serverPlace('PostgreSQL', 'postgres://postgres@127.0.0.1:5432/postgres', role)
    try {
      const s = performance.now()
      const report = await checkResets(place, seed, n)
      console.log(report, performance.now() - s)
      expect(report.cleaned).toBeGreaterThan(report.workloads / 2)
    } finally {
      await place.close()
    }
  })
}
