import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import type { Adapter } from './adapter.js'
import { provideTo, runsOutsideOfNode } from './host.js'
import { WORKER_RUN } from './worker/worker-run.js'

const SETUP_FILE = fileURLToPath(new URL('./worker/setup.js', import.meta.url))

/** Gives the workers of a project what `serial` needs: a setup file, and which run they belong to. */
export function equipProject(adapter: Adapter, project: TestProject): void {
  const { setupFiles } = project.config
  if (runsOutsideOfNode(project) || setupFiles.includes(SETUP_FILE)) return
  setupFiles.unshift(SETUP_FILE)
  provideTo(project, WORKER_RUN, adapter.workerRun)
}
