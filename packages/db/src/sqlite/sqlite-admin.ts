import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ResourceAdmin, ResourceRow, ResourceSurroundings } from '@heddle/core'
import { loadSqlite } from './sqlite-driver.js'
import type { SqliteOptions } from './sqlite-options.js'
import { ensureSqliteTemplate, filesIn, templateDir } from './sqlite-template.js'

/** Templates; the files of workers are in the directory of their run, and go with it. */
export function sqliteAdmin(options: SqliteOptions): ResourceAdmin {
  return {
    status: statusOf,
    clean: async (surroundings, { isAll, isDryRun }) => {
      const dir = templateDir(surroundings)
      const names = isAll ? await filesIn(dir) : []
      if (!isDryRun) for (const name of names) await rm(join(dir, name), { force: true })
      return names
    },
    rebuild: (surroundings) => {
      const { signal } = new AbortController()
      const use = { surroundings: { ...surroundings, signal }, driver: loadSqlite(surroundings.root), isAnew: true }
      return ensureSqliteTemplate(options, use)
    },
  }
}

async function statusOf(surroundings: ResourceSurroundings): Promise<readonly ResourceRow[]> {
  const dir = templateDir(surroundings)
  const names = (await filesIn(dir)).filter((name) => !name.includes('.tmp'))
  return Promise.all(
    names.map(async (name) => {
      const { size, mtime } = await stat(join(dir, name))
      const url = `file:${join(dir, name)}`
      return { kind: 'template', name, state: 'free', url, usedAt: mtime.toISOString(), bytes: size } as const
    }),
  )
}
