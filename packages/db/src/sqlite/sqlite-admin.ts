import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { CleanOptions, ResourceAdmin, ResourceRow, ResourceSurroundings } from '@heddle/core'
import { loadSqlite } from './sqlite-driver.js'
import type { SqliteOptions } from './sqlite-options.js'
import { ensureSqliteTemplate } from './sqlite-template.js'
import { ownerOf, readOwner, removeTemplate, templateDir, templatesIn } from './template-files.js'

/** Templates; the files of workers are in the directory of their run, and go with it. */
export function sqliteAdmin(options: SqliteOptions): ResourceAdmin {
  return {
    status: statusOf,
    clean,
    rebuild: (surroundings) => {
      const { signal } = new AbortController()
      const use = { surroundings: { ...surroundings, signal }, driver: loadSqlite(surroundings.root), isAnew: true }
      return ensureSqliteTemplate(options, use)
    },
  }
}

async function statusOf(surroundings: ResourceSurroundings): Promise<readonly ResourceRow[]> {
  const dir = templateDir(surroundings)
  const owner = ownerOf(surroundings)
  return Promise.all(
    (await templatesIn(dir)).map(async (name) => {
      const file = join(dir, name)
      const { size, mtime } = await stat(file)
      const row = { kind: 'template', name, state: 'free', url: `file:${file}` } as const
      const isOthers = (await readOwner(file)) === owner ? {} : { isOthers: true }
      return { ...row, usedAt: mtime.toISOString(), bytes: size, ...isOthers }
    }),
  )
}

/** What is kept is removed for its owner alone. */
async function clean(
  surroundings: ResourceSurroundings,
  { isAll, isDryRun }: CleanOptions,
): Promise<readonly string[]> {
  const dir = templateDir(surroundings)
  const owner = ownerOf(surroundings)
  const removed: string[] = []
  for (const name of isAll ? await templatesIn(dir) : []) {
    if ((await readOwner(join(dir, name))) !== owner) continue
    if (!isDryRun) await removeTemplate(join(dir, name))
    removed.push(name)
  }
  return removed
}
