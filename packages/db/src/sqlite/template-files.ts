import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ResourceSurroundings } from '@heddle/core'
import { makerOf, newMarker, readMarker } from '../common/marker.js'
import { shortHash } from '../common/short-hash.js'

const NAME = /^hdl_tpl_[0-9a-z]{10}\.db(?:\.json|\.[0-9a-f]{8}\.tmp(?:-journal|-wal|-shm)?)?$/
/** Of the file beside a template that says whose it is. */
const MARKER = '.json'
const UNUSED_MS = 14 * 24 * 3_600_000

export function templateDir({ cacheDir }: ResourceSurroundings): string {
  return join(cacheDir, 'sqlite')
}

/** Templates, whose they are, and what was left of making them. */
export async function filesIn(dir: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch(() => [])
  return names.filter((name) => NAME.test(name))
}

/** The templates that are there, whole. */
export async function templatesIn(dir: string): Promise<readonly string[]> {
  return (await filesIn(dir)).filter((name) => name.endsWith('.db'))
}

/** Whose it is: of who has used it last. Undefined if that cannot be read. */
export async function readOwner(file: string): Promise<string | undefined> {
  return readMarker(await readFile(`${file}${MARKER}`, 'utf8').catch(() => undefined))?.owner
}

/** It is used by this resource of this project. */
export async function writeOwner(file: string, surroundings: ResourceSurroundings): Promise<void> {
  const marker = newMarker('template', makerOf('000000'), { owner: ownerOf(surroundings) })
  await writeFile(`${file}${MARKER}`, JSON.stringify(marker))
}

/** Which resource of which project. */
export function ownerOf({ root, name }: Pick<ResourceSurroundings, 'root' | 'name'>): string {
  return shortHash([root, name], 10)
}

export async function removeTemplate(file: string): Promise<void> {
  await rm(file, { force: true })
  await rm(`${file}${MARKER}`, { force: true })
}

/** Removes what nobody has used for long. */
export async function removeUnused(dir: string): Promise<void> {
  for (const name of await filesIn(dir)) {
    const { mtimeMs } = await stat(join(dir, name)).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > UNUSED_MS) await rm(join(dir, name), { force: true })
  }
}
