import type { Claim, FileGroups, GroupClaim, SerialClaim } from '@heddle/core/serial'
import { relative, sep } from 'node:path'
import { loadSerial } from '../load-core.js'
import type { SentClaim, WorkerRun } from './worker-run.js'

/** What is known of a file before its module runs. */
export interface FilePlan {
  /** As people know it: its path from the workspace root. */
  readonly label: string
  /** What its source says that it is serial with. */
  readonly serial: SerialClaim | undefined
  /** What is to be taken for it now. */
  readonly claim: Claim | undefined
  /** What it holds already. */
  readonly held: FileGroups
  /** The groups that one of its tests takes for itself; undefined if no rule is about tests of this file. */
  readonly groupsOf: ((name: string, tags: readonly string[]) => readonly GroupClaim[]) | undefined
}

const NOTHING: FileGroups = { groups: [], slots: {} }

/** @throws HeddleError `HEDDLE_SERIAL_INVALID` */
export function planFile(run: WorkerRun, path: string, project: string, source: string): FilePlan {
  const label = labelOf(run, path)
  const serial = source.includes('serial') ? loadSerial().fileClaimOf(source) : undefined
  const claims = (run.needs?.[path]?.claims ?? []).map(received)
  const claim = claims.length === 0 ? serial : { groups: claims, serial }
  return { label, serial, claim, held: heldBefore(run, path), groupsOf: groupsOfTests(run, { label, project, source }) }
}

/** A file as people know it: its path from the workspace root. */
export function labelOf({ workspace }: WorkerRun, path: string): string {
  return relative(workspace, path).split(sep).join('/')
}

function received({ limit, ...claim }: SentClaim): GroupClaim {
  return { ...claim, limit: limit ?? Infinity }
}

function heldBefore({ seat, needs }: WorkerRun, path: string): FileGroups {
  const free = needs?.[path]?.free ?? []
  if (seat === undefined && free.length === 0) return NOTHING
  const slotsOfFree = Object.fromEntries(free.map(({ name }) => [name, 1]))
  return { groups: [...(seat?.groups ?? []), ...free].map(received), slots: { ...seat?.groupSlots, ...slotsOfFree } }
}

interface FileText {
  readonly label: string
  readonly project: string
  readonly source: string
}

function groupsOfTests({ testRules }: WorkerRun, { label, project, source }: FileText): FilePlan['groupsOf'] {
  if (testRules === undefined || testRules.rules.length === 0) return undefined
  return loadSerial().testClaimsIn(testRules, { path: label, project, source })
}
