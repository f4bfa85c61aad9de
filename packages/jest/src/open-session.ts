import { openSession, type Session } from '@heddle/core'
import type { HostProjectConfig, HostSequencerOptions, HostTest } from './host-types.js'
import { inlineOptionsOf } from './inline-options.js'
import { optionsId } from './options-id.js'
import { processState } from './process-state.js'
import { guessRootDir } from './root-dir.js'

/**
 * The session of a run. In watch mode all runs have the same, so the history is read once.
 *
 * @param options what Jest 30 tells its sequencer
 * @throws HeddleError `HEDDLE_CONFIG_UNREADABLE`, `HEDDLE_OPTIONS_INVALID`
 */
export async function openSessionOf(
  tests: readonly HostTest[],
  options: HostSequencerOptions | undefined,
): Promise<Session> {
  const projects = projectsOf(tests, options)
  const root =
    options?.globalConfig.rootDir ?? guessRootDir(dirsOf(projects), { argv: process.argv, cwd: process.cwd() })
  const inline = inlineOptionsOf(projects)
  const { sessions } = processState()
  const id = optionsId([root, inline])
  const session = sessions.get(id) ?? (await openSession({ root, inline }))
  sessions.set(id, session)
  return session
}

function projectsOf(tests: readonly HostTest[], options: HostSequencerOptions | undefined): HostProjectConfig[] {
  const contexts = new Set([...(options?.contexts ?? []), ...tests.map(({ context }) => context)])
  return Array.from(contexts, ({ config }) => config)
}

function dirsOf(projects: readonly HostProjectConfig[]): string[] {
  return [...new Set(projects.map(({ rootDir }) => rootDir))]
}
