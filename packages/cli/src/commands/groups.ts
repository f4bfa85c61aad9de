import { availableParallelism } from 'node:os'
import { HeddleError, lowerBoundOf, type LowerBound } from '@heddle/core'
import { EXIT } from '../exit-codes.js'
import { fileOfKey } from '../file-of-key.js'
import { HOSTS, type HostName } from '../host.js'
import { listTestFiles, type ListedFiles } from '../list-test-files.js'
import { openWorkspace } from '../open-workspace.js'
import { limitsOf, planGroups, settingsWithoutGroup, type DemandingJob, type GroupReport } from '../plan-groups.js'
import { colorsFor } from '../print/colors.js'
import { formatGroups, formatUngrouped } from '../print/groups-table.js'
import { oneLine } from '../print/words.js'
import type { Terminal } from '../terminal.js'
import { timeFiles, type TimedFiles, type TimeSource } from '../time-files.js'
import { DEFAULT_LIMIT, roundMs } from './history.js'

export interface GroupsOptions {
  readonly host?: HostName
  readonly workers?: number
  readonly from: TimeSource
  /** Files per group; undefined: 20 for people, all for machines. */
  readonly limit?: number
  readonly all?: boolean
  readonly json?: boolean
  /** What came after `--`. */
  readonly hostArgs: readonly string[]
}

/** `heddle groups` */
export async function showGroups(
  { host, hostArgs, from, workers = availableParallelism(), ...wanted }: GroupsOptions,
  terminal: Terminal,
): Promise<number> {
  const session = await openWorkspace(terminal)
  const listed = await listTestFiles({ host, args: hostArgs, workspace: session.workspace }, terminal)
  if (!listed.isWired) throw notWired(listed.host)
  const timed = timeFiles(listed.files, from, session)
  const picture: Picture = {
    listed,
    timed,
    workers,
    reports: planGroups(listed, timed.jobs),
    ungrouped: settingsWithoutGroup(timed.jobs),
    lowerBound: lowerBoundOf(timed.jobs, workers, limitsOf(listed.groups)),
  }
  if (wanted.json === true) terminal.stdout.write(groupsJson(picture, wanted.limit ?? Infinity))
  else writeGroups(picture, wanted.all === true ? Infinity : (wanted.limit ?? DEFAULT_LIMIT), terminal)
  return EXIT.ok
}

interface Picture {
  readonly listed: ListedFiles
  readonly timed: TimedFiles<DemandingJob>
  readonly workers: number
  readonly reports: readonly GroupReport[]
  readonly ungrouped: readonly DemandingJob[]
  readonly lowerBound: LowerBound
}

function writeGroups(picture: Picture, limit: number, { stdout, stderr, env }: Terminal): void {
  const { listed, timed, reports, ungrouped, lowerBound } = picture
  for (const note of [...listed.warnings, ...(timed.note === undefined ? [] : [timed.note])])
    stderr.write(`heddle: ${oneLine(note)}\n`)
  const shown = { limit, colors: colorsFor(stdout, env), boundGroup: lowerBound.group }
  const parts = [
    ...(reports.length === 0 ? [NO_GROUPS] : [formatGroups(reports, shown)]),
    ...(ungrouped.length === 0 ? [] : [formatUngrouped(ungrouped, shown)]),
  ]
  stdout.write(parts.join('\n'))
}

const NO_GROUPS = 'No group is declared, neither in the config of the host nor in heddle.config.\n'

/** For machines; times in ms, `limit: null` for none. */
function groupsJson({ listed, timed, workers, reports, ungrouped, lowerBound }: Picture, limit: number): string {
  const groups = reports.map(({ group, members, sources, testRules, workMs, atLeastMs }) => ({
    ...group,
    rules: sources,
    testRules,
    workMs,
    atLeastMs,
    setsLowerBound: lowerBound.group === group.name,
    files: members.slice(0, limit).map(({ job, mode, permits, because }) => ({
      ...fileOfKey(job.key),
      ...settingsOf(job),
      mode,
      permits,
      because,
    })),
  }))
  const others = ungrouped
    .slice(0, limit)
    .map((job) => ({ ...fileOfKey(job.key), ...settingsOf(job), because: job.reasons.map(({ because }) => because) }))
  const text = {
    workers,
    source: timed.source,
    lowerBoundMs: lowerBound.ms,
    groups,
    ungrouped: others,
    warnings: listed.warnings,
  }
  return `${JSON.stringify(text, roundMs, 2)}\n`
}

function settingsOf({ expectedMs, isKnown, demand: { weight, priority } }: DemandingJob) {
  return { expectedMs, isKnown, weight, priority }
}

function notWired(host: HostName): HeddleError {
  return new HeddleError('HEDDLE_HOST_FAILED', {
    problem: `Cannot show the groups of ${host}: heddle is not in its config`,
    fix: HOSTS[host].wiring,
  })
}
