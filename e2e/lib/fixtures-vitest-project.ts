import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Host } from './hosts.js'
import { Project, type HostRun } from './project.js'

/** A file of which every line was told by some process, in the order in which it was. */
const LOG = 'log.txt'

/** What test files share: it takes nothing from anybody who fakes it. */
const TELL = `
const { existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } = process.getBuiltinModule('node:fs')
const { createServer } = process.getBuiltinModule('node:http')
const later = setTimeout
const log = process.env.FIXTURES_LOG
const fd = openSync(log, 'a')
export const tell = (line) => void writeSync(fd, line + '\\n')
export const told = () => (existsSync(log) ? readFileSync(log, 'utf8').split('\\n').filter(Boolean) : [])
export const has = existsSync
export const write = writeFileSync
export const modeOf = (path) => statSync(path).mode & 0o777
export const sleep = (ms) => new Promise((resolve) => later(resolve, ms))
/** Tells when it is closed. */
export const server = (name) => createServer((_, response) => response.end(name)).on('close', () => tell('closed ' + name))
export async function until(line) {
  for (let i = 0; !told().includes(line); i++) {
    if (i > 500) throw new Error('nobody has told ' + line)
    await sleep(20)
  }
}
`

const IMPORTS = `
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, vi } from 'vitest'
import * as heddle from '@heddle/vitest'
import { createLogger, env, fixtures, isPortFree, it, listen, namespace, port, portBlock, ports, runId, shared, slot, socketPath, tempDir, test, workerId } from '@heddle/vitest'
import { has, modeOf, server, sleep, tell, told, until, write } from '../tell.js'
`

/** How a project is set up. */
export interface FixturesSetup {
  /** Of heddle, source text. */
  readonly options?: string
  /** `test` of the Vitest config, source text. */
  readonly config?: string
}

/** A project with only these test files; each may use Vitest, heddle and {@link TELL}. */
export function fixturesProject(
  host: Host,
  files: Readonly<Record<string, string>>,
  { options = '', config = '' }: FixturesSetup = {},
): Project {
  const project = Project.create('vitest', host)
  for (const file of readdirSync(join(project.dir, 'test'))) project.remove(join('test', file))
  project.write('tell.js', TELL)
  project.write(
    'vitest.config.mts',
    // In watch mode, too, everything is the project's own.
    `import heddle from '@heddle/vitest'
     Object.assign(process.env, ${JSON.stringify(ownEnv(project))})
     export default { plugins: [heddle({ ${options} })], test: { ${config} } }\n`,
  )
  for (const [name, text] of Object.entries(files)) writeTests(project, name, text)
  mkdirSync(join(project.dir, 'tmp'))
  return project
}

/** @param text may begin with a comment that has to stay at the top */
export function writeTests(project: Project, name: string, text: string): void {
  const [, comment = '', rest = ''] = /^(\s*\/\*\*[^]*?\*\/)?([^]*)$/.exec(text) ?? []
  project.write(`test/${name}.test.js`, comment.trimStart() + IMPORTS + rest)
}

/** Locks and temporary directories of the project's own. */
export function ownEnv(project: Project): Record<string, string> {
  return {
    HEDDLE_LOCK_DIR: join(project.dir, 'locks'),
    TMPDIR: join(project.dir, 'tmp'),
    FIXTURES_LOG: join(project.dir, LOG),
  }
}

export function run(project: Project, ...args: string[]): Promise<HostRun> {
  return project.run(['run', ...args], { env: ownEnv(project) })
}

export async function pass(project: Project, ...args: string[]): Promise<HostRun> {
  const result = await run(project, ...args)
  expect(result.code, result.stdout + result.stderr).toBe(0)
  return result
}

/** What has been told so far. */
export function told(project: Project): string[] {
  const log = join(project.dir, LOG)
  return existsSync(log) ? readFileSync(log, 'utf8').split('\n').filter(Boolean) : []
}

export async function untilTold(project: Project, line: string): Promise<void> {
  for (let i = 0; !told(project).includes(line); i++) {
    if (i > 1500) throw new Error(`nobody has told "${line}"`)
    await setTimeout(20)
  }
}

/** Everything that is still in the temporary directory of heddle, relative to it. */
export function leftBehind(project: Project): string[] {
  const tmp = join(project.dir, 'tmp')
  return readdirSync(tmp)
    .filter((name) => name.startsWith('heddle-'))
    .flatMap((base) => readdirSync(join(tmp, base), { recursive: true, encoding: 'utf8' }))
}

/** Workers, also where a machine has few processors. */
export function workers({ version }: Host, count: number): string[] {
  return [`--maxWorkers=${count}`, ...(version.startsWith('3.') ? [`--minWorkers=${count}`] : [])]
}

/** Files after one another in the same worker. */
export function oneWorker(host: Host, pool = 'forks'): string[] {
  const isolate = host.version.startsWith('3.') ? `--poolOptions.${pool}.isolate=false` : '--no-isolate'
  return [`--pool=${pool}`, isolate, ...workers(host, 1)]
}
