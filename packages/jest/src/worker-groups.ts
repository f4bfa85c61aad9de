import { testClaimsIn, type GroupClaim } from '@heddle/core/serial'
import {
  readGroupSettings,
  readGroupSlots,
  type FileNeeds,
  type GroupSettings,
  type GroupSlots,
} from './group-settings.js'

/** A test file as a worker knows it. */
export interface WorkerFile {
  /** See {@link fileIdOf}. */
  readonly id: string
  /** POSIX, from the workspace root. */
  readonly path: string
  readonly project: string
  readonly source: string
}

/** What a worker has to know of the groups of one file. */
export interface WorkerGroups {
  /** Names of all groups of the run. */
  readonly names: readonly string[]
  /** What the main process holds for the file. */
  readonly held: { readonly groups: readonly GroupClaim[]; readonly slots: GroupSlots }
  /** What the worker takes for the file before it runs. */
  readonly toTake: readonly GroupClaim[]
  /** What a test takes besides, by its full name; undefined if no test takes anything. */
  readonly ofTest: ((name: string) => readonly GroupClaim[]) | undefined
}

const NOTHING_HELD = { groups: [], slots: {} }
const NO_GROUPS: WorkerGroups = { names: [], held: NOTHING_HELD, toTake: [], ofTest: undefined }

/** @param dir where the main process told it; undefined if it had nothing to tell */
export function groupsOfFile(dir: string | undefined, file: WorkerFile): WorkerGroups {
  if (dir === undefined) return NO_GROUPS
  const { testRules, files } = settingsIn(dir)
  const needs = files[file.id]
  const slots = readGroupSlots(dir, file.id)
  const claimsOf = testClaimsIn(testRules, file)
  return {
    names: testRules.groups.map(({ name }) => name),
    held: slots === undefined ? NOTHING_HELD : { groups: needs?.groups ?? [], slots },
    toTake: slots === undefined ? allOf(needs) : [],
    // Tests of Jest have no tags.
    ofTest: claimsOf && ((name) => claimsOf(name, [])),
  }
}

function allOf(needs: FileNeeds | undefined): GroupClaim[] {
  return [...(needs?.groups ?? []), ...(needs?.workers === undefined ? [] : [needs.workers])]
}

/** All files of a run are told by one file. */
let latest: { readonly dir: string; readonly settings: GroupSettings } | undefined

function settingsIn(dir: string): GroupSettings {
  if (latest?.dir !== dir) latest = { dir, settings: readGroupSettings(dir) }
  return latest.settings
}
