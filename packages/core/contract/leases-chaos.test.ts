import { expect, test } from 'vitest'
import { temporaryDir } from '../fixtures/directories.js'
import { runChaos } from './lease-chaos.js'
import { readLog, violationsOf } from './lease-referee.js'
import { summaryOf } from './lease-summary.js'

const ACQUISITIONS = Number(process.env['HEDDLE_CHAOS_ACQUISITIONS'] ?? 4000)
const SEED = Number(process.env['HEDDLE_CHAOS_SEED'] ?? Date.now() % 1_000_000)

test(
  'processes and threads that are killed, stopped, blocked and robbed never overlap, are never overtaken and all finish',
  { timeout: 60_000 + ACQUISITIONS * 20 },
  async () => {
    const isLong = ACQUISITIONS > 10_000
    const few = { processes: 8, hosts: 2, threads: 4, accidentEveryMs: 100 }
    const many = { processes: 16, hosts: 4, threads: 4, accidentEveryMs: 200 }
    const options = { dir: temporaryDir(), seed: SEED, acquisitions: ACQUISITIONS, ...(isLong ? many : few) }
    const { log, hung, crashed } = await runChaos(options)
    const events = readLog(log)
    const summary = summaryOf(events)
    if (isLong) process.stdout.write(`${JSON.stringify({ seed: SEED, ...summary }, null, 2)}\n`)
    const outcome = { violations: violationsOf(events), hung, crashed }
    expect(outcome, `HEDDLE_CHAOS_SEED=${SEED}`).toEqual({ violations: [], hung: [], crashed: [] })
    expect(summary.acquisitions).toBeGreaterThanOrEqual(ACQUISITIONS)
    expect(summary.killed).toBeGreaterThan(0)
    expect(summary.terminated).toBeGreaterThan(0)
  },
)
