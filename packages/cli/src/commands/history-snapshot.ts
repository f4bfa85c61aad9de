import { relative } from 'node:path'
import {
  displayKey,
  formatMs,
  formatSnapshot,
  HeddleError,
  planSnapshot,
  readSnapshot,
  reasonOf,
  replaceFile,
  type Session,
  type Snapshot,
} from '@heddle/core'
import { EXIT } from '../exit-codes.js'
import { fileExists } from '../file-exists.js'
import { openWorkspace } from '../open-workspace.js'
import { atMost, plural } from '../print/words.js'
import type { Terminal } from '../terminal.js'

export interface SnapshotOptions {
  readonly check?: boolean
}

/** `heddle history snapshot` */
export async function snapshotHistory({ check }: SnapshotOptions, terminal: Terminal): Promise<number> {
  const session = await openWorkspace(terminal)
  const previous = readSnapshot(session.snapshotFile)
  const planned = planSnapshot(durationsFor(session, previous), previous)
  const change = compareSnapshots(previous, planned)
  const name = relative(terminal.cwd, session.snapshotFile)
  if (change.isNeeded && check !== true) writeSnapshot(session.snapshotFile, planned)
  terminal.stdout.write(formatChange(name, change, check === true))
  return change.isNeeded && check === true ? EXIT.checkFailed : EXIT.ok
}

/**
 * What is known of the files that exist: from the history, otherwise from the last snapshot, because this machine may
 * have run a part of the workspace only.
 */
function durationsFor(session: Session, previous: Snapshot | undefined): Map<string, number> {
  const exists = ([key]: readonly [string, number]): boolean => fileExists(session.workspace, key)
  const measured = Array.from(session.expectations, ([key, { durationMs }]) => [key, durationMs] as const)
  const current = measured.filter(exists)
  // Never an empty snapshot over a good one.
  if (current.length === 0) throw nothingMeasured(session.historyDir)
  const kept = [...(previous?.durations ?? [])].filter(exists)
  return new Map([...kept, ...current])
}

function nothingMeasured(dir: string): HeddleError {
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot make a snapshot: the history "${dir}" holds no durations of files that exist`,
    fix: 'run your tests with heddle first, or collect records of other machines with `heddle history merge <dirs…>`.',
  })
}

/** What a new snapshot changes. */
interface SnapshotChange {
  readonly added: readonly string[]
  readonly changed: readonly { readonly key: string; readonly beforeMs: number; readonly nowMs: number }[]
  readonly dropped: readonly string[]
  readonly unchanged: number
  /** Whether there is anything to write. */
  readonly isNeeded: boolean
}

function compareSnapshots(previous: Snapshot | undefined, planned: Snapshot): SnapshotChange {
  const before = previous?.durations ?? new Map<string, number>()
  const added = [...planned.durations.keys()].filter((key) => !before.has(key))
  const changed = Array.from(planned.durations, ([key, nowMs]) => ({
    key,
    beforeMs: before.get(key) ?? nowMs,
    nowMs,
  })).filter(({ beforeMs, nowMs }) => beforeMs !== nowMs)
  const dropped = [...before.keys()].filter((key) => !planned.durations.has(key))
  return {
    added,
    changed,
    dropped,
    unchanged: planned.durations.size - added.length - changed.length,
    isNeeded: added.length + changed.length + dropped.length > 0 || previous?.medianMs !== planned.medianMs,
  }
}

function formatChange(
  name: string,
  { added, changed, dropped, unchanged, isNeeded }: SnapshotChange,
  isCheck: boolean,
): string {
  const counts = `${added.length} added, ${changed.length} changed, ${dropped.length} dropped, ${unchanged} unchanged`
  if (!isNeeded) return `${name} is up to date: ${plural(unchanged, 'file')}\n`
  const lines = [
    ...atMost(added, (key) => `+ ${displayKey(key)}`),
    ...atMost(
      changed,
      ({ key, beforeMs, nowMs }) => `~ ${displayKey(key)}  ${formatMs(beforeMs)} → ${formatMs(nowMs)}`,
    ),
    ...atMost(dropped, (key) => `- ${displayKey(key)}`),
    isCheck ? `${name} is out of date: ${counts}` : `Wrote ${name}: ${counts}`,
    ...(isCheck ? ['Fix: run `heddle history snapshot` and commit the file.'] : []),
  ]
  return `${lines.join('\n')}\n`
}

function writeSnapshot(file: string, snapshot: Snapshot): void {
  try {
    replaceFile(file, formatSnapshot(snapshot))
  } catch (error) {
    throw new HeddleError('HEDDLE_HISTORY_UNWRITABLE', {
      problem: `Cannot write duration snapshot "${file}": ${reasonOf(error)}`,
      fix: 'make the file and its directory writable.',
      cause: error,
    })
  }
}
