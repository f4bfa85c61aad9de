import { filesOf, type RunRecord } from '../history/run-record.js'
import { displayKey } from '../workspace/job-key.js'

/** One host's suite that was split into shards, and what is wrong with the split. */
export interface VerifiedSuite {
  /** `vitest in packages/api (linux-x64, Node 20)`. */
  readonly name: string
  readonly shards: number
  readonly files: number
  /** Empty when every file ran exactly once. */
  readonly problems: readonly string[]
}

/**
 * Proves from the records of all shards that nothing was lost: every shard is there, all used one plan, and every
 * planned file ran exactly once. Looks at the newest CI pipeline among the records (at all of them if none names its
 * pipeline) and there at the newest record of each shard, so a re-run shard replaces its first try.
 */
export function verifyShards(records: readonly RunRecord[]): VerifiedSuite[] {
  const sharded = newestPipeline(records.filter(({ header }) => header.shard !== undefined))
  const suites = new Map<string, Map<number, RunRecord>>()
  for (const record of sharded.sort((a, b) => a.header.startedAt - b.header.startedAt)) {
    const name = suiteOf(record)
    const shards = suites.get(name) ?? new Map<number, RunRecord>()
    suites.set(name, shards.set(record.header.shard?.index ?? 0, record))
  }
  return Array.from(suites, ([name, shards]) => verifySuite(name, new Map([...shards].sort(([a], [b]) => a - b))))
}

function newestPipeline(records: readonly RunRecord[]): RunRecord[] {
  const newest = records
    .filter(({ header }) => header.isPipeline)
    .reduce<RunRecord | undefined>((a, b) => (a && a.header.startedAt > b.header.startedAt ? a : b), undefined)
  return newest === undefined ? [...records] : records.filter(({ header }) => header.runId === newest.header.runId)
}

function suiteOf({ header }: RunRecord): string {
  const place = header.root === '' ? '' : ` in ${header.root}`
  return `${header.host}${place} (${header.platform}, Node ${header.nodeMajor})`
}

function verifySuite(name: string, shards: ReadonlyMap<number, RunRecord>): VerifiedSuite {
  const ran = new Map<string, number[]>()
  const neverRan = new Set<string>()
  for (const [index, record] of shards) {
    for (const { key, outcome } of filesOf(record)) {
      if (outcome === 'not-run') neverRan.add(key)
      else ran.set(key, [...(ran.get(key) ?? []), index])
    }
  }
  const twice = [...ran].filter(([, indexes]) => indexes.length > 1)
  const lost = [...neverRan].filter((key) => !ran.has(key))
  return {
    name,
    shards: shards.size,
    files: ran.size,
    problems: [
      ...missingShards(shards),
      ...differingPlans(shards),
      ...lost.map((key) => `${displayKey(key)} was planned, but never ran`),
      ...twice.map(([key, indexes]) => `${displayKey(key)} ran more than once, in shards ${indexes.join(' and ')}`),
    ],
  }
}

function missingShards(shards: ReadonlyMap<number, RunRecord>): string[] {
  const count = Math.max(...Array.from(shards.values(), ({ header }) => header.shard?.count ?? 0))
  const missing = Array.from({ length: count }, (_, i) => i + 1).filter((index) => !shards.has(index))
  return missing.map(
    (index) => `shard ${index}/${count} left no record: it did not run, or its history was not collected`,
  )
}

function differingPlans(shards: ReadonlyMap<number, RunRecord>): string[] {
  const byPlan = new Map<string, number[]>()
  for (const [index, { header }] of shards) {
    const plan = `${header.shard?.fingerprint} of ${header.shard?.count}`
    byPlan.set(plan, [...(byPlan.get(plan) ?? []), index])
  }
  if (byPlan.size === 1) return []
  const uses = Array.from(byPlan, ([plan, indexes]) => `${indexes.join(', ')} used ${plan}`).join('; ')
  return [`the shards used different plans, so files may have been lost or repeated: ${uses}`]
}
