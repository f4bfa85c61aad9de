import { existsSync, readFileSync } from 'node:fs'
import { HeddleError, reasonOf } from '../errors.js'
import { withValibot } from '../options/with-valibot.js'
import { compareKeys, jobKey, parseJobKey } from '../workspace/job-key.js'
import { median } from './weighted-median.js'

/** The default name of the snapshot, at the workspace root. */
export const SNAPSHOT_FILE = 'heddle.durations.json'

/** Durations fit to be committed: rounded, sorted, and the same on every machine that has the checkout. */
export interface Snapshot {
  /** Rounded ms by {@link jobKey}. */
  readonly durations: ReadonlyMap<string, number>
  /** For files that are not in it. */
  readonly medianMs: number
}

const parsers = withValibot((v) => {
  const time = v.pipe(v.number(), v.minValue(1))
  // Not v.record, which silently drops projects and files called "constructor" and the like.
  const byName = v.custom<Readonly<Record<string, unknown>>>(isObject, 'projects and their files must be objects')
  const file = { format: v.literal('heddle-durations'), version: v.literal(1), medianMs: time, projects: byName }
  return { parseFile: v.parser(v.object(file)), parseTimes: v.parser(byName), parseTime: v.parser(time) }
})

/** A new duration replaces the committed one only if it differs by this factor and by this many ms. */
const NOTABLE_FACTOR = 1.25
const NOTABLE_MS = 50

/**
 * Makes a snapshot of measured durations. What is in `previous` keeps its value unless the new one differs by more
 * than a quarter and 50 ms, so that a commit shows what changed and not the noise.
 */
export function planSnapshot(durations: ReadonlyMap<string, number>, previous?: Snapshot): Snapshot {
  const kept = new Map<string, number>()
  for (const key of [...durations.keys()].sort(compareKeys)) {
    const now = roundToTwoDigits(durations.get(key) ?? 1)
    const before = previous?.durations.get(key)
    kept.set(key, before === undefined || isNotable(before, now) ? now : before)
  }
  const middle = kept.size === 0 ? 1 : roundToTwoDigits(median([...kept.values()]))
  return {
    durations: kept,
    medianMs: previous === undefined || isNotable(previous.medianMs, middle) ? middle : previous.medianMs,
  }
}

export function formatSnapshot({ durations, medianMs }: Snapshot): string {
  const byProject = new Map<string, [path: string, ms: number][]>()
  for (const [key, ms] of [...durations].sort(([a], [b]) => compareKeys(a, b))) {
    const { project, path } = parseJobKey(key)
    const files = byProject.get(project) ?? []
    byProject.set(project, files)
    files.push([path, ms])
  }
  // Never by assignment: a project may be called "__proto__".
  const projects = Object.fromEntries(Array.from(byProject, ([name, files]) => [name, Object.fromEntries(files)]))
  return `${JSON.stringify({ format: 'heddle-durations', version: 1, medianMs, projects }, null, 2)}\n`
}

/**
 * Reads a snapshot; undefined if there is none.
 *
 * @throws HeddleError `HEDDLE_SNAPSHOT_UNREADABLE`: guessing instead would give this shard another split than the rest
 */
export function readSnapshot(file: string): Snapshot | undefined {
  if (!existsSync(file)) return undefined
  try {
    const { parseFile, parseTimes, parseTime } = parsers()
    const { medianMs, projects } = parseFile(JSON.parse(readFileSync(file, 'utf8')))
    const durations = new Map<string, number>()
    for (const [project, files] of Object.entries(projects)) {
      const times = Object.entries(parseTimes(files))
      for (const [path, ms] of times) durations.set(jobKey(project, path), parseTime(ms))
    }
    return { durations, medianMs }
  } catch (error) {
    throw new HeddleError('HEDDLE_SNAPSHOT_UNREADABLE', {
      problem: `Cannot read duration snapshot "${file}": ${reasonOf(error)}`,
      fix: 'resolve merge conflicts in it, or delete it and run `heddle history snapshot` again.',
      cause: error,
    })
  }
}

function isNotable(before: number, now: number): boolean {
  return Math.abs(now - before) >= NOTABLE_MS && Math.max(now / before, before / now) >= NOTABLE_FACTOR
}

/** 1234 → 1200, 87 → 87, 3 → 3. */
function roundToTwoDigits(ms: number): number {
  return Math.max(1, Math.round(Number(ms.toPrecision(2))))
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
