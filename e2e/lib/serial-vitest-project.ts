import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Host } from './hosts.js'
import { Project, type Event, type HostRun } from './project.js'

/** A body that tells when it begins, goes on and ends, by clocks that no test fakes. */
const BODY = `
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
const now = performance.now.bind(performance)
const origin = performance.timeOrigin
const loaded = Math.random()
const later = setTimeout
const dir = process.env.EVENTS
mkdirSync(dir, { recursive: true })
export const sleep = (ms) => new Promise((resolve) => later(resolve, ms))
export function tell(kind, file) {
  const event = { file, kind, at: origin + now(), pid: process.pid, ppid: process.ppid, loaded }
  appendFileSync(join(dir, String(process.pid)), JSON.stringify(event) + '\\n')
}
export const has = (kind, file) =>
  readdirSync(dir).some((one) => readFileSync(join(dir, one), 'utf8').includes('{"file":"' + file + '","kind":"' + kind + '"'))
export async function until(kind, file) {
  for (let i = 0; !has(kind, file); i++) {
    if (i > 500) throw new Error(file + ' has not told ' + kind)
    await sleep(20)
  }
}
export const body = (file, ms = 30) => async () => {
  tell('begin', file)
  for (const deadline = now() + ms; now() < deadline; ) {
    await sleep(Math.min(20, ms))
    tell('tick', file)
  }
  tell('end', file)
}
`

const IMPORTS = `
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { isSerial, serial } from '@heddle/vitest'
import { body, has, sleep, tell, until } from '../body.js'
`

/** A test that told of itself. */
export interface BodyEvent extends Omit<Event, 'kind'> {
  readonly kind: 'begin' | 'tick' | 'end'
  readonly pid: number
  /** Vitest itself, if the test runs in a process. */
  readonly ppid: number
  /** Differs between test files and between runs. */
  readonly loaded: number
}

/** A project with only these test files; each may use Vitest, heddle and {@link BODY}. */
export function serialProject(host: Host, files: Readonly<Record<string, string>>, config = ''): Project {
  const project = Project.create('vitest', host)
  for (const file of readdirSync(join(project.dir, 'test'))) project.remove(join('test', file))
  project.write('body.js', BODY)
  project.write(
    'vitest.config.mts',
    // In watch mode, too, the locks are the project's own.
    `import heddle from '@heddle/vitest'\nprocess.env.HEDDLE_LOCK_DIR = '${join(project.dir, 'locks')}'\nexport default { plugins: [heddle()], test: { ${config} } }\n`,
  )
  for (const [name, text] of Object.entries(files)) writeTests(project, `test/${name}.test.js`, text)
  return project
}

/** @param text may begin with a comment that has to stay at the top */
export function writeTests(project: Project, file: string, text: string): void {
  const [, comment = '', rest = ''] = /^(\s*\/\*\*[^]*?\*\/)?([^]*)$/.exec(text) ?? []
  project.write(file, comment.trimStart() + IMPORTS + rest)
}

/** Locks of the project's own. */
export function lockEnv(project: Project): Record<string, string> {
  return { HEDDLE_LOCK_DIR: join(project.dir, 'locks') }
}

export function run(project: Project, ...args: string[]): Promise<HostRun> {
  return project.run(['run', ...args], { env: lockEnv(project) })
}

export async function pass(project: Project, ...args: string[]): Promise<HostRun> {
  const result = await run(project, ...args)
  expect(result.code, result.stdout + result.stderr).toBe(0)
  return result
}

/** Two workers, also where a machine has few processors. */
export function twoWorkers({ version }: Host): string[] {
  return ['--maxWorkers=2', ...(version.startsWith('3.') ? ['--minWorkers=2'] : [])]
}

/** What tests have told so far, oldest first. */
export function events(project: Project): BodyEvent[] {
  const dir = join(project.dir, 'events')
  if (!existsSync(dir)) return []
  const lines = readdirSync(dir).flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n').filter(Boolean))
  return lines.map((line) => JSON.parse(line) as BodyEvent).sort((a, b) => a.at - b.at)
}

export async function untilBegun(project: Project, name: string): Promise<BodyEvent> {
  for (let i = 0; i < 1500; i++) {
    const event = events(project).find(({ kind, file }) => kind === 'begin' && file === name)
    if (event !== undefined) return event
    await setTimeout(20)
  }
  throw new Error(`${name} has not begun`)
}

/** From the first to the last sign of life of each body. */
interface Span {
  readonly name: string
  readonly from: number
  to: number
  hasEnded: boolean
}

function spans(project: Project): Span[] {
  const found: Span[] = []
  for (const { file, kind, loaded, at } of events(project)) {
    const name = `${file} of ${loaded}`
    const open = found.findLast((span) => span.name === name && !span.hasEnded)
    if (kind === 'begin' || open === undefined) found.push({ name, from: at, to: at, hasEnded: false })
    else Object.assign(open, { to: at, hasEnded: kind === 'end' })
  }
  return found
}

export function bodies(project: Project): string[] {
  return spans(project).map(({ name }) => name.split(' of ')[0] ?? '')
}

/** Pairs of bodies that ran at the same time though they may not; shared ones have `shared` in their names. */
export function overlaps(project: Project): string[] {
  const all = spans(project)
  return all.flatMap((a, i) =>
    all
      .slice(i + 1)
      .filter((b) => a.from < b.to && b.from < a.to && !(a.name.includes('shared') && b.name.includes('shared')))
      .map((b) => `${a.name} and ${b.name}`),
  )
}

/** What Vitest's JSON reporter says of a test. */
export interface ReportedTest {
  readonly title: string
  readonly status: string
  readonly duration?: number
  readonly failureMessages: readonly string[]
}

export const JSON_REPORT = ['--reporter=default', '--reporter=json', '--outputFile.json=report.json']

export function reported(project: Project, title: string): ReportedTest {
  const report = JSON.parse(project.read('report.json')) as {
    readonly testResults: readonly { readonly assertionResults: readonly ReportedTest[] }[]
  }
  const test = report.testResults.flatMap(({ assertionResults }) => assertionResults).find((one) => one.title === title)
  if (test === undefined) throw new Error(`no test "${title}" in the report`)
  return test
}
