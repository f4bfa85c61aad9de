import { createHash } from 'node:crypto'
import { compareKeys, planShards } from '@heddle/core'
import { createRandom } from './lib/random.mjs'
import { printTable, target } from './lib/report.mjs'
import { boundOf, expectationsOf, mean, noisyHistory } from './lib/simulate.mjs'
import { readTraces } from './lib/traces.mjs'

const COUNTS = [2, 4, 8, 16]
const NOISY_HISTORIES = 20

/** How evenly files spread over machines, against the hosts' own split by hash and count. */
export function run() {
  const results = readTraces().flatMap((trace) => COUNTS.map((count) => compareSplits(trace, count)))
  const splits = ['heddle', 'heddle, noisy', 'size', 'vitest 3', 'vitest 4/5', 'jest']
  console.log('Longest shard / mean shard; in the last column / lower bound. "noisy" as in makespan.\n')
  printTable(
    ['trace', 'shards', 'set by', ...splits, 'heddle / bound'],
    results.map((r) => [
      r.trace,
      r.count,
      r.setBy,
      ...splits.map((split) => r.longest[split] / r.meanMs),
      r.longest.heddle / r.boundMs,
    ]),
  )
  const toBound = (split) => Math.max(...results.map((r) => r.longest[split] / r.boundMs))
  return [
    target('heddle, longest shard / lower bound', toBound('heddle'), 1.02),
    target('heddle with a noisy history, the same', toBound('heddle, noisy'), 1.1),
    target('files lost or run twice by heddle', Math.max(...results.map((r) => r.misplaced)), 0),
  ]
}

function compareSplits({ name, keys, durations, sizes }, count) {
  const random = createRandom(count)
  const bound = boundOf(durations, count)
  const msOf = (shard) => shard.reduce((sum, key) => sum + durations.get(key), 0)
  const longestOf = (shards) => Math.max(...shards.map(msOf))
  const heddle = splitBy(durations, count)
  const noisy = Array.from({ length: NOISY_HISTORIES }, () => expectationsOf(noisyHistory(durations, random)))
  return {
    trace: name,
    count,
    boundMs: bound.ms,
    setBy: bound.key === undefined ? 'work' : 'one file',
    meanMs: msOf(keys) / count,
    misplaced: Math.abs(heddle.flat().length - keys.length) + keys.length - new Set(heddle.flat()).size,
    longest: {
      heddle: longestOf(heddle),
      'heddle, noisy': mean(noisy.map((times) => longestOf(splitBy(times, count)))),
      size: longestOf(splitBy(sizes, count)),
      'vitest 3': longestOf(cutIntoSlices(count, sortByHash(keys, '/'))),
      'vitest 4/5': longestOf(cutEvenly(count, sortByHash(keys, '/'))),
      jest: longestOf(cutEvenly(count, sortByHash(keys, ''))),
    },
  }
}

function splitBy(times, count) {
  const jobs = Array.from(times, ([key, expectedMs]) => ({ key, expectedMs }))
  return planShards(jobs, count).shards.map((shard) => shard.keys)
}

/** Both hosts sort by the SHA-1 of the path below the root; Vitest's begins with a slash. */
function sortByHash(keys, prefix) {
  const hashes = new Map(keys.map((key) => [key, createHash('sha1').update(`${prefix}${key}`).digest('hex')]))
  return [...keys].sort((a, b) => compareKeys(hashes.get(a), hashes.get(b)))
}

/** Vitest 3: slices of equal size, rounded up; the last one gets what is left. */
function cutIntoSlices(count, keys) {
  const size = Math.ceil(keys.length / count)
  return Array.from({ length: count }, (_, i) => keys.slice(i * size, (i + 1) * size))
}

/** Vitest 4 and 5, and Jest: sizes differ by one at most, the first shards get the larger ones. */
function cutEvenly(count, keys) {
  const size = Math.floor(keys.length / count)
  const rest = keys.length % count
  const start = (i) => i * size + Math.min(i, rest)
  return Array.from({ length: count }, (_, i) => keys.slice(start(i), start(i + 1)))
}
