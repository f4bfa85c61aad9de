import type { FixtureSettings } from '@heddle/core/fixtures'

/** What the main process tells the test runner in its workers. */
export interface RunSettings {
  /** The path of Jest's own test runner. */
  readonly circus: string
  /** What names of files are relative to, and who shares a key. */
  readonly workspace: string
  /** Who shares a key of scope `run`. */
  readonly runId: string
  /** The main process. */
  readonly pid: number
  /** Where to find what it is told about groups; see {@link GroupSettings}. */
  readonly dir?: string | undefined
  /** Of resources, by slot, where they have to be there before test runners are. */
  readonly variables?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined
  /** Undefined where heddle's sequencer does not run. */
  readonly fixtures?: FixtureSettings | undefined
}

/** Set by the sequencer. Workers inherit it; the config cannot carry it without changing every transform cache key. */
const VARIABLE = 'HEDDLE_JEST_RUN'

export function writeRunSettings(settings: RunSettings, env = process.env): void {
  env[VARIABLE] = JSON.stringify(settings)
}

/** @returns undefined where heddle's sequencer does not run */
export function readRunSettings(env = process.env): RunSettings | undefined {
  const text = env[VARIABLE]
  return text === undefined ? undefined : (JSON.parse(text) as RunSettings)
}
