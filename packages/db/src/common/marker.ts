import { hostname } from 'node:os'
import type { DatabaseKind } from './names.js'

/**
 * What heddle writes on each database that it makes, as JSON in a comment or a table. Only what has the name pattern *and* a
 * marker is ever removed.
 */
export interface Marker {
  readonly heddle: 1
  readonly kind: DatabaseKind
  /** Of the run that made it: {@link import('./names.js').runKey}. */
  readonly run: string
  readonly pid: number
  readonly host: string
  /** ISO 8601. */
  readonly at: string
  /** When it was last used, ISO 8601. */
  readonly usedAt?: string | undefined
  /** Which resource of which project: templates of one owner supersede each other. */
  readonly owner?: string | undefined
  /** Of a clone: which template, and when that was made. */
  readonly template?: string | undefined
  /** Of a worker's: the number of the worker that has it, or had it last. */
  readonly slot?: number | undefined
  /** Of a copy: the test that failed. */
  readonly test?: string | undefined
}

/** Who makes something. */
export interface Maker {
  readonly run: string
  readonly pid: number
  readonly host: string
}

/** This process, in the run with this key. */
export function makerOf(run: string): Maker {
  return { run, pid: process.pid, host: hostname() }
}

export function newMarker(kind: DatabaseKind, maker: Maker, more: Partial<Marker> = {}): Marker {
  const { run, pid, host } = maker
  return { heddle: 1, kind, run, pid, host, at: new Date().toISOString(), ...more }
}

/** @returns undefined if it is not a marker of this format */
export function readMarker(text: string | null | undefined): Marker | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isMarker(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isMarker(value: unknown): value is Marker {
  if (typeof value !== 'object' || value === null) return false
  const { heddle, kind, run, pid, host, at } = value as Record<string, unknown>
  return heddle === 1 && typeof pid === 'number' && [kind, run, host, at].every((text) => typeof text === 'string')
}
