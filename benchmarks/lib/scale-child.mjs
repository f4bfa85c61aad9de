// node scale-child.mjs <history directory>: what one fresh process needs for each step, as JSON.
import { expectedDurations, planOrder, planShards, readHistory } from '@heddle/core'
import { jobsOf } from './simulate.mjs'

const WORKERS = 16
const SHARDS = 16

function timed(action) {
  const start = performance.now()
  const value = action()
  return { value, ms: performance.now() - start }
}

const history = timed(() => readHistory([process.argv[2]]))
const records = history.value.stored.map(({ record }) => record)
const estimate = timed(() => expectedDurations(records, 'linux-x64'))
const jobs = jobsOf(Array.from(estimate.value, ([key, { durationMs }]) => [key, durationMs]))
const order = timed(() => planOrder(jobs, { workers: WORKERS }))
const shards = timed(() => planShards(jobs, SHARDS))

console.log(
  JSON.stringify({
    load: history.ms,
    estimate: estimate.ms,
    order: order.ms,
    shards: shards.ms,
    rss: process.resourceUsage().maxRSS / 1024,
  }),
)
