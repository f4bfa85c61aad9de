import { createHash } from 'node:crypto'
import fs = require('node:fs')
import { join } from 'node:path'
import type { GroupClaim, TestRules } from '@heddle/core/serial'
import type { HostTest } from './host-types.js'

/** What the workers of a run are told about groups. */
export interface GroupSettings {
  readonly testRules: TestRules
  /** By {@link fileIdOf}; a file that needs nothing is not there. */
  readonly files: Readonly<Record<string, FileNeeds>>
}

/** What a file takes, by whomever. */
export interface FileNeeds {
  readonly groups: readonly GroupClaim[]
  /** Its share of the worker slots, where the main process does not see to it. */
  readonly workers?: GroupClaim | undefined
}

/** The slot of a running file in each of its groups. */
export type GroupSlots = Readonly<Record<string, number>>

/** As they were when this was loaded: tests spy on `fs`. */
const { readFileSync, writeFileSync } = fs

/** A file may belong to several projects. */
export function fileIdOf({ config }: Pick<HostTest['context'], 'config'>, path: string): string {
  return createHash('sha1').update(`${config.id}\0${path}`).digest('hex')
}

export function writeGroupSettings(dir: string, settings: GroupSettings): void {
  writeFileSync(join(dir, 'groups.json'), JSON.stringify(settings, writeInfinity))
}

export function readGroupSettings(dir: string): GroupSettings {
  return JSON.parse(readFileSync(join(dir, 'groups.json'), 'utf8'), readInfinity) as GroupSettings
}

/**
 * The main process has taken what a file needs; a worker that does not find this takes it itself. Synchronous: the file
 * starts next.
 */
export function writeGroupSlots(dir: string, fileId: string, slots: GroupSlots): void {
  writeFileSync(join(dir, `${fileId}.json`), JSON.stringify(slots))
}

/** @returns undefined if the main process has taken nothing for the file */
export function readGroupSlots(dir: string, fileId: string): GroupSlots | undefined {
  try {
    return JSON.parse(readFileSync(join(dir, `${fileId}.json`), 'utf8')) as GroupSlots
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** JSON has no number without a limit. */
function writeInfinity(_: string, value: unknown): unknown {
  return value === Infinity ? { infinite: true } : value
}

function readInfinity(_: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'infinite' in value ? Infinity : value
}
