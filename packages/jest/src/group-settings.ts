import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GroupClaim, TestRule } from '@heddle/core/serial'
import type { HostTest } from './host-types.js'

/** What the workers of a run are told about groups. */
export interface GroupSettings {
  /** Names of all groups. */
  readonly groups: readonly string[]
  /** What rules say about single tests. */
  readonly testRules: readonly TestRule[]
  /** What each file takes, by {@link fileIdOf}; a file that takes nothing is not there. */
  readonly files: Readonly<Record<string, readonly GroupClaim[]>>
}

/** The slot of a running file in each of its groups. */
export type GroupSlots = Readonly<Record<string, number>>

type FileOfProject = Pick<HostTest, 'path'> & { readonly context: { readonly config: { readonly id: string } } }

/** A file may belong to several projects. */
export function fileIdOf({ path, context }: FileOfProject): string {
  return createHash('sha1').update(`${context.config.id}\0${path}`).digest('hex')
}

export function writeGroupSettings(dir: string, settings: GroupSettings): void {
  writeFileSync(join(dir, 'groups.json'), JSON.stringify(settings, writeInfinity))
}

export function readGroupSettings(dir: string): GroupSettings {
  return JSON.parse(readFileSync(join(dir, 'groups.json'), 'utf8'), readInfinity) as GroupSettings
}

/** The main process has taken the groups of a file; without this, the worker takes them. Synchronous: the file starts next. */
export function writeGroupSlots(dir: string, fileId: string, slots: GroupSlots): void {
  writeFileSync(slotsFile(dir, fileId), JSON.stringify(slots))
}

/** @returns undefined if the main process has taken nothing for the file */
export function readGroupSlots(dir: string, fileId: string): GroupSlots | undefined {
  try {
    return JSON.parse(readFileSync(slotsFile(dir, fileId), 'utf8')) as GroupSlots
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function slotsFile(dir: string, fileId: string): string {
  return join(dir, `${fileId}.json`)
}

/** JSON has no number without a limit. */
function writeInfinity(_: string, value: unknown): unknown {
  return value === Infinity ? { infinite: true } : value
}

function readInfinity(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'infinite' in value ? Infinity : value
}
