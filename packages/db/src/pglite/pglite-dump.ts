import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { ResourceSurroundings } from '@heddle/core'

/** What a dump is made of. */
export interface DumpRecipe {
  /** Of everything that makes a difference but PGlite's version: letters and digits. */
  readonly hash: string
  readonly version: string
  /** Writes the dump to a file. */
  readonly write: (file: string) => Promise<void>
}

/** What nobody has used for so long is of other migrations, ms. */
const UNUSED_MS = 14 * 24 * 3_600_000

/**
 * A PGlite with everything that a test is to find, as a file. Of all who want one at once, in whichever process, one makes it
 * and the others wait. It is under its name only when it is complete.
 */
export async function ensureDump(
  { cacheDir, leases }: Pick<ResourceSurroundings, 'cacheDir' | 'leases'>,
  { hash, version, write }: DumpRecipe,
): Promise<string> {
  const dir = join(cacheDir, 'pglite')
  const file = join(dir, `${hash}-${version}.tar`)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const lease = { name: `make ${file}`, scope: 'machine', mode: 'exclusive' } as const
  if (!existsSync(file)) {
    const held = await leases().acquire(lease, { holder: `dump ${randomBytes(6).toString('hex')}` })
    try {
      if (!existsSync(file)) await make(file, write)
    } finally {
      await held.release()
    }
  }
  touch(file)
  sweep(dir)
  return file
}

async function make(file: string, write: (file: string) => Promise<void>): Promise<void> {
  const draft = `${file}.${process.pid}.draft`
  try {
    await write(draft)
    renameSync(draft, file)
  } finally {
    rmSync(draft, { force: true })
  }
}

function touch(file: string): void {
  const now = new Date()
  utimesSync(file, now, now)
}

/** Also drafts of processes that were killed. */
function sweep(dir: string, now = Date.now()): void {
  for (const name of readdirSync(dir)) {
    const file = join(dir, name)
    const used = statSync(file, { throwIfNoEntry: false })
    if (used !== undefined && now - used.mtimeMs > UNUSED_MS) rmSync(file, { force: true })
  }
}
