import type { Project } from './project.js'

/** Drops what the resources of a project keep from run to run on the server that tests use, and nothing of other projects there. */
export async function removeOwnDatabases(project: Project, env: Readonly<Record<string, string>>): Promise<void> {
  const { code, stderr } = await project.heddle(['clean', '--all', '--yes'], { env })
  if (code !== 0) throw new Error(`Cannot remove what a project keeps: ${stderr}`)
}
