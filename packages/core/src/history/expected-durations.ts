import { OUTCOMES, type RunHeader, type RunRecord } from './run-record.js'
import { median, weightedMedian } from './weighted-median.js'

/** What the history says about one file. */
export interface Expectation {
  /** Expected time in its slot, ms, ≥ 1. */
  readonly durationMs: number
  /** How many measurements it rests on. */
  readonly samples: number
  /** Whether the newest run of the file failed or crashed. */
  readonly hasFailed: boolean
}

/** Only the newest measurements of a file count … */
const MAX_SAMPLES = 10
/** … and each counts this much of the next newer one. */
const DECAY = 0.7
/** How many files a run must share with the others before half of its own inflation is believed. */
const DOUBT = 5
const ROUNDS = 3
/** A run's inflation is a median over its files; more than these add nothing. */
const PANEL_SIZE = 2000
const WEIGHTS = Array.from({ length: MAX_SAMPLES }, (_, age) => DECAY ** age)

/**
 * What each file of the history is expected to take, in the conditions of the recent runs.
 *
 * A measured duration is the file's own, times what the whole run suffered (other load, more workers than processors,
 * a cold cache), times noise. The run's factor is estimated as the median, over its files, of measured to expected
 * duration (Tukey's median polish, on logarithms), and taken out; what remains is a weighted median over the file's
 * newest runs. Measurements with a warm cache are preferred to cold ones and those of `platform` to others; what is
 * set aside still tells how much its run suffered, and so what the files measured only there would take here.
 * Partial runs, crashes and files that did not run say nothing.
 *
 * @param records oldest first
 */
export function expectedDurations(records: readonly RunRecord[], platform: string): Map<string, Expectation> {
  const files = collectSamples(records, platform)
  const inflation = estimateInflation([...files.values()], records.length)
  const recent = recentInflation(records, inflation, platform)
  const expectations = new Map<string, Expectation>()
  for (const [key, file] of files) {
    if (file.best.length === 0) continue
    const durationMs = Math.max(1, Math.exp(levelOf(file, inflation) + recent))
    expectations.set(key, { durationMs, samples: file.best.length, hasFailed: file.hasFailed })
  }
  return expectations
}

interface Sample {
  /** Index of the record. */
  readonly run: number
  readonly logMs: number
}

interface FileSamples {
  /** Newest first, all of the same rank, the best one seen. */
  best: Sample[]
  /** 0: this platform, warm; 1: this platform, cold; 2 and 3: another platform. */
  rank: number
  /** Of worse ranks: they say nothing about the file, but something about their runs. */
  others: Sample[]
  hasFailed: boolean
}

const FAILED = OUTCOMES.indexOf('failed')
const CRASHED = OUTCOMES.indexOf('crashed')

function collectSamples(records: readonly RunRecord[], platform: string): Map<string, FileSamples> {
  const files = new Map<string, FileSamples>()
  let newer: FilesOfRecord = { keys: [], files: [] }
  for (let run = records.length - 1; run >= 0; run--) {
    const { header, keys, columns } = records[run] as RunRecord
    const ofRecord = filesOf(keys, newer)
    const rank = rankOf(header, platform)
    for (let i = 0; i < keys.length; i++) {
      const outcome = columns.outcome[i] as number
      if (outcome > CRASHED) continue
      const file = (ofRecord[i] ??= fileOf(files, keys[i] as string, outcome))
      if (outcome > FAILED || columns.partial[i] === 1) continue
      addSample(file, rank, { run, logMs: Math.log(Math.max(1, columns.durationMs[i] as number)) })
    }
    newer = { keys, files: ofRecord }
  }
  return files
}

interface FilesOfRecord {
  /** Sorted. */
  readonly keys: readonly string[]
  /** One per key; undefined if nothing was read of it. */
  readonly files: (FileSamples | undefined)[]
}

/** What the next newer record already knows of these files: neighbours mostly hold the same, and lookups are slow. */
function filesOf(keys: readonly string[], newer: FilesOfRecord): (FileSamples | undefined)[] {
  if (keys === newer.keys) return newer.files
  let i = 0
  return keys.map((key) => {
    while (i < newer.keys.length && (newer.keys[i] as string) < key) i++
    return newer.keys[i] === key ? newer.files[i] : undefined
  })
}

function rankOf({ platform, isCold }: RunHeader, here: string): number {
  return (platform === here ? 0 : 2) + (isCold ? 1 : 0)
}

/** The entry of a file; `outcome` counts only if this is its newest run. */
function fileOf(files: Map<string, FileSamples>, key: string, outcome: number): FileSamples {
  const found = files.get(key)
  if (found !== undefined) return found
  const file = { best: [], rank: Infinity, others: [], hasFailed: outcome === FAILED || outcome === CRASHED }
  files.set(key, file)
  return file
}

function addSample(file: FileSamples, rank: number, sample: Sample): void {
  if (rank < file.rank) {
    file.others = [...file.best, ...file.others].slice(0, MAX_SAMPLES)
    file.best = []
    file.rank = rank
  }
  const list = rank === file.rank ? file.best : file.others
  if (list.length < MAX_SAMPLES) list.push(sample)
}

/** The logarithm of what each run's durations have in common, by index of the record. */
function estimateInflation(files: readonly FileSamples[], runs: number): Float64Array {
  const inflation = new Float64Array(runs)
  const panel = panelOf(files, runs)
  for (let round = 0; round < ROUNDS; round++) {
    const excess: number[][] = Array.from(inflation, () => [])
    for (const file of panel) {
      const level = levelOf(file, inflation)
      for (const { run, logMs } of samplesOf(file)) excess[run]?.push(logMs - level)
    }
    excess.forEach((ofRun, run) => {
      inflation[run] = ofRun.length === 0 ? 0 : (median(ofRun) * ofRun.length) / (ofRun.length + DOUBT)
    })
  }
  return inflation
}

/** Enough files to compare runs by. A file's only measurement agrees with itself, whatever its run was like. */
function panelOf(files: readonly FileSamples[], runs: number): FileSamples[] {
  const covered = new Uint32Array(runs)
  return files.filter((file) => {
    const samples = samplesOf(file)
    if (samples.length < 2 || samples.every(({ run }) => (covered[run] ?? 0) >= PANEL_SIZE)) return false
    for (const { run } of samples) covered[run] = (covered[run] ?? 0) + 1
    return true
  })
}

function samplesOf({ best, others }: FileSamples): readonly Sample[] {
  return others.length === 0 ? best : [...best, ...others]
}

/** The logarithm of a file's duration without its runs' inflation. */
function levelOf({ best }: FileSamples, inflation: Float64Array): number {
  const levels = best.map(({ run, logMs }) => logMs - (inflation[run] ?? 0))
  return weightedMedian(levels, WEIGHTS)
}

/** The inflation to expect of the next run: the weighted median of the last ones of the best rank. */
function recentInflation(records: readonly RunRecord[], inflation: Float64Array, platform: string): number {
  const ranks = records.map(({ header }) => rankOf(header, platform))
  const best = ranks.reduce((a, b) => Math.min(a, b), Infinity)
  const runs = ranks.flatMap((rank, run) => (rank === best ? [run] : []))
  const recent = runs.reverse().slice(0, MAX_SAMPLES)
  const levels = recent.map((run) => inflation[run] ?? 0)
  return recent.length === 0 ? 0 : weightedMedian(levels, WEIGHTS)
}
