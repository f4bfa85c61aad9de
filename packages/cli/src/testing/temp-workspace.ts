import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  createRunRecord,
  NO_DEMAND,
  PLATFORM,
  writeRecord,
  type Demand,
  type DemandReason,
  type FileRecord,
  type FoundTestRule,
  type Group,
  type Outcome,
  type RunHeader,
  type ShardOfRun,
} from '@heddle/core'
import { onTestFinished } from 'vitest'

/** A directory of its own for one test, removed afterwards. */
export interface TempWorkspace {
  readonly dir: string
  readonly historyDir: string
  /** @returns the absolute path */
  readonly write: (path: string, text?: string) => string
  /** Writes a record of one run; @returns its file. */
  readonly record: (durations: Readonly<Record<string, number>>, run?: RunDetails) => string
  /** Installs a host that runs `script`. */
  readonly installHost: (name: 'vitest' | 'jest', script: string) => void
}

interface RunDetails {
  readonly dir?: string
  readonly runId?: string
  readonly isPipeline?: boolean
  readonly startedAt?: number
  readonly platform?: string
  readonly shard?: ShardOfRun
  /** Of files that did not pass. */
  readonly outcomes?: Readonly<Record<string, Outcome>>
}

export const NOW = Date.UTC(2026, 2, 14, 12)

export function createTempWorkspace(): TempWorkspace {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'heddle-cli-')))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const historyDir = join(dir, '.heddle', 'history')
  const write = (path: string, text = ''): string => {
    const file = join(dir, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    return file
  }
  mkdirSync(join(dir, '.git')) // The workspace ends here, wherever the temporary directory is.
  return {
    dir,
    historyDir,
    write,
    record: (durations, run = {}) =>
      writeRecord(
        run.dir === undefined ? historyDir : join(dir, run.dir),
        createRunRecord(
          headerOf(run),
          Object.entries(durations).map(([key, ms]) => fileRecord(key, ms, run)),
        ),
      ),
    installHost: (name, script) => {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, bin: { [name]: 'bin.cjs' } }))
      write(`node_modules/${name}/bin.cjs`, script)
    },
  }
}

function headerOf({
  runId = 'run',
  isPipeline = false,
  startedAt = NOW,
  platform = PLATFORM,
  shard,
}: RunDetails): RunHeader {
  return {
    runId,
    isPipeline,
    startedAt,
    host: 'vitest',
    hostVersion: '4.1.12',
    root: '',
    platform,
    nodeMajor: 20,
    workers: 2,
    cpus: 2,
    isCold: false,
    ...(shard === undefined ? {} : { shard }),
  }
}

function fileRecord(key: string, durationMs: number, { outcomes = {} }: RunDetails): FileRecord {
  const outcome = outcomes[key] ?? 'passed'
  return { key, durationMs, waitMs: 0, tests: 1, retries: 0, outcome, isPartial: outcome === 'not-run', load: 0 }
}

/** A Vitest that finds `files` (project name by path) and shouts on standard output, as config files do. */
export function fakeVitest(files: Readonly<Record<string, string>>): string {
  return `
const { writeFileSync } = require('node:fs')
const { resolve } = require('node:path')
const args = process.argv.slice(2)
console.log('noise on standard output')
console.error('args ' + args.filter((arg) => !arg.startsWith('--json=')).join(' '))
const filter = args.slice(args.findIndex((arg) => arg.startsWith('--json=')) + 1)[0] ?? ''
const found = Object.entries(${JSON.stringify(files)})
  .filter(([file]) => file.includes(filter))
  .map(([file, projectName]) => ({ file: resolve(file), ...(projectName === '' ? {} : { projectName }) }))
writeFileSync(args.find((arg) => arg.startsWith('--json=')).slice(7), JSON.stringify(found))
`
}

/** What heddle in a host tells of groups. */
export interface FakeGroups {
  readonly groups?: readonly Group[]
  /** By key; files without one need nothing. */
  readonly demands?: Readonly<Record<string, Demand>>
  readonly hints?: Readonly<Record<string, Demand['groups']>>
  readonly reasons?: Readonly<Record<string, readonly DemandReason[]>>
  readonly testRules?: readonly FoundTestRule[]
  readonly warnings?: readonly string[]
}

/** A Vitest with heddle in its config. */
export function wiredVitest(keys: readonly string[], groups: FakeGroups = {}): string {
  return fakeVitest(Object.fromEntries(keys.map((key) => [key, '']))) + tellFound(keys, groups)
}

/** A Jest whose sequencer is heddle's. */
export function fakeJest(keys: readonly string[], groups: FakeGroups = {}): string {
  return `
if (process.argv[2] !== '--listTests') throw new Error('not asked to list')
const { writeFileSync } = require('node:fs')
${tellFound(keys, groups)}`
}

function tellFound(
  keys: readonly string[],
  { groups = [], demands = {}, hints = {}, reasons = {}, testRules = [], warnings = [] }: FakeGroups,
): string {
  const files = keys.map((key) => ({
    key,
    demand: demands[key] ?? NO_DEMAND,
    hints: hints[key] ?? [],
    reasons: reasons[key] ?? [],
  }))
  const text = JSON.stringify({ files, groups, testRules, warnings })
  return `writeFileSync(process.env.HEDDLE_FOUND_FILES, ${JSON.stringify(text)})\n`
}
