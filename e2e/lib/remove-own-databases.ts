import { onServer } from './on-server.js'
import type { Project } from './project.js'

/**
 * Drops what the resources of a project keep from run to run on the server that tests use, and nothing of other projects there,
 * as `heddle clean --all` would.
 */
export async function removeOwnDatabases(project: Project, env: Readonly<Record<string, string>>): Promise<void> {
  const { stdout } = await project.heddle(['db', 'status', '--json'], { env })
  const rows = JSON.parse(stdout) as {
    readonly resource: string | null
    readonly name: string
    readonly state: string
  }[]
  for (const { name } of rows.filter(({ resource, state }) => resource !== null && state === 'free')) {
    if (name.startsWith('hdl_tpl_')) await onServer(`alter database "${name}" is_template false`)
    await onServer(`drop database if exists "${name}"`)
  }
}
