import { shortHash } from './short-hash.js'

/** What a database of ours is for. */
export type DatabaseKind = 'template' | 'worker' | 'test' | 'slot' | 'kept'

/** What the name of a database tells. */
export interface NameParts {
  readonly kind: DatabaseKind
  /** Of a run and its resource ({@link runKey}), or of a template (`slot`: the first 6 of them). */
  readonly key: string
  /** Of the worker, the slot, the test or the copy; 0 for templates. */
  readonly number: number
}

const PATTERN =
  /^hdl_(?:tpl_(?<hash>[0-9a-z]{10})|(?<key>[0-9a-z]{6})_(?<letter>w|t|s|kept_)(?<number>[1-9][0-9]{0,8}))$/
const KINDS: Readonly<Record<string, DatabaseKind>> = { w: 'worker', t: 'test', s: 'slot', kept_: 'kept' }

/** What the databases of one resource in one run have in their names. */
export function runKey(runId: string, resource: string): string {
  return shortHash([runId, resource], 6)
}

/** @param hash 10 of [0-9a-z] */
export function templateName(hash: string): string {
  return `hdl_tpl_${hash}`
}

/** The database of a worker. It lasts as long as the run. */
export function workerName(key: string, slot: number): string {
  return `hdl_${key}_w${slot}`
}

/** The database of one attempt of a test. */
export function testName(key: string, number: number): string {
  return `hdl_${key}_t${number}`
}

/** A database of a worker that lasts over runs. */
export function slotName(hash: string, number: number): string {
  return `hdl_${hash.slice(0, 6)}_s${number}`
}

/** A copy for people of what a failed test left. */
export function keptName(key: string, number: number): string {
  return `hdl_${key}_kept_${number}`
}

/** Undefined if it is not a name that heddle gives. That it is one does not yet make a database ours: see marker.ts. */
export function parseName(name: string): NameParts | undefined {
  const groups = PATTERN.exec(name)?.groups
  if (groups === undefined) return undefined
  const { hash, key = '', letter = '', number } = groups
  if (hash !== undefined) return { kind: 'template', key: hash, number: 0 }
  const kind = KINDS[letter]
  return kind && { kind, key, number: Number(number) }
}
