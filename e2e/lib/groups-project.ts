import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'vitest'
import type { GroupEvent } from './groups-spans.js'
import type { Host } from './hosts.js'
import { Project, type HostRun } from './project.js'

/** What a test file of a groups project does. */
export interface GroupFile {
  /** The comment at its top. */
  readonly top?: string
  /** Between the imports and the moment in which it tells that it has begun. */
  readonly head?: string
  /** How long its only test sleeps, unless `body` says otherwise. @default 200 */
  readonly ms?: number
  /** Its tests. */
  readonly body?: string
}

interface Content {
  /** The options of heddle, as source; inline. */
  readonly options?: string
  /** The config of the host beside heddle, as source. */
  readonly config?: string
  /** By path below `test/` without `.test.js`. */
  readonly files: Readonly<Record<string, GroupFile>>
}

/** What test files tell, one object per line, by clocks that no test fakes; each process writes its own file. */
const tellSource = (host: Host): string => `
${host.name === 'vitest' ? `import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'\nimport { join } from 'node:path'` : `const { appendFileSync, mkdirSync, readdirSync, readFileSync } = require('node:fs')\nconst { join } = require('node:path')`}
const dir = process.env.EVENTS
const later = setTimeout
mkdirSync(dir, { recursive: true })
const groupSlots = () => Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name.startsWith('HEDDLE_GROUP_SLOT_')).map(([name, slot]) => [name.slice(18), Number(slot)]),
)
const sleep = (ms) => new Promise((resolve) => later(resolve, ms))
const tell = (kind, file) => {
  const { HEDDLE_SLOT: slot, HEDDLE_RUN_ID: runId, RUN: run } = process.env
  const event = { file, kind, at: performance.timeOrigin + performance.now(), pid: process.pid, slot: Number(slot), runId, run, groupSlots: groupSlots() }
  appendFileSync(join(dir, process.pid + '.jsonl'), JSON.stringify(event) + '\\n')
}
const has = (kind, file) =>
  readdirSync(dir).some((one) => readFileSync(join(dir, one), 'utf8').includes('{"file":"' + file + '","kind":"' + kind + '"'))
const until = async (kind, file) => {
  for (let i = 0; !has(kind, file); i++) {
    if (i > 500) throw new Error(file + ' has not told ' + kind)
    await sleep(20)
  }
}
const body = (name, ms = 50) => async () => {
  tell('begin', name)
  await sleep(ms)
  tell('end', name)
}
/** Keeps the thread busy, as a slow teardown does that nobody can await. */
const burn = (ms) => { for (const end = performance.now() + ms; performance.now() < end; ); }
${host.name === 'vitest' ? 'export' : 'module.exports ='} { body, burn, has, sleep, tell, until }
`

/** A project with only these test files, and locks of its own. */
export class GroupsProject {
  readonly project: Project

  constructor(host: Host, { options = '{}', config = '{}', files }: Content) {
    this.project = Project.create(host.name, host)
    for (const file of readdirSync(join(this.project.dir, 'test'))) this.project.remove(join('test', file))
    this.project.write('tell.js', tellSource(host))
    this.configure(options, config)
    for (const [name, file] of Object.entries(files)) this.add(name, file)
  }

  get host(): Host {
    return this.project.host
  }

  /** For every run, so that runs share locks and events. */
  get env(): Readonly<Record<string, string>> {
    return { HEDDLE_LOCK_DIR: this.lockDir }
  }

  get lockDir(): string {
    return join(this.project.dir, 'locks')
  }

  /** @param options of heddle @param config of the host, without heddle; both as source */
  configure(options: string, config = '{}'): void {
    if (this.host.name === 'vitest')
      this.project.write(
        'vitest.config.mts',
        // In watch mode, too, the locks are the project's own.
        `import heddle from '@heddle/vitest'\nprocess.env.HEDDLE_LOCK_DIR = '${this.lockDir}'\nexport default { plugins: [heddle(${options})], test: ${config} }\n`,
      )
    else
      this.project.write(
        'jest.config.js',
        `const { withHeddle } = require('@heddle/jest')\nprocess.env.HEDDLE_LOCK_DIR = '${this.lockDir}'\nmodule.exports = withHeddle(${config}, ${options})\n`,
      )
  }

  add(name: string, { top = '', head = '', ms = 200, body = `test('sleeps', () => sleep(${ms}))` }: GroupFile): void {
    const path = `test/${name}.test.js`
    const tell = relative(dirname(path), 'tell.js').replaceAll('\\', '/')
    this.project.write(
      path,
      `${top}${this.#imports(tell)}${head}\ntell('begin', '${name}')\nafterAll(() => tell('end', '${name}'))\n${body}\n`,
    )
  }

  /** Runs the host. @param workers how many, also where a machine has few processors; undefined: as `args` say */
  run(
    workers: number | undefined,
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<HostRun> {
    const command = this.host.name === 'vitest' ? ['run'] : []
    return this.project.run([...command, ...(workers === undefined ? [] : this.width(workers)), ...args], {
      env: { ...this.env, ...env },
    })
  }

  /** Runs the host and expects that all went well. */
  async pass(
    workers: number | undefined,
    args?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<HostRun> {
    const result = await this.run(workers, args, env)
    expect(result.code, result.stdout + result.stderr).toBe(0)
    return result
  }

  /** The arguments for so many workers. */
  width(workers: number): string[] {
    return [`--maxWorkers=${workers}`, ...(isThree(this.host) ? [`--minWorkers=${workers}`] : [])]
  }

  /** What was told so far, oldest first. */
  events(): GroupEvent[] {
    const dir = join(this.project.dir, 'events')
    if (!existsSync(dir)) return []
    const lines = readdirSync(dir).flatMap((name) => readFileSync(join(dir, name), 'utf8').split('\n').filter(Boolean))
    return lines.map((line) => JSON.parse(line) as GroupEvent).sort((a, b) => a.at - b.at)
  }

  /** The same, and forgets it. */
  takeEvents(): GroupEvent[] {
    const events = this.events()
    rmSync(join(this.project.dir, 'events'), { recursive: true, force: true })
    return events
  }

  /** Waits until a file or body has begun. */
  async untilBegun(name: string): Promise<void> {
    for (let i = 0; i < 1500; i++) {
      if (this.events().some(({ kind, file }) => kind === 'begin' && file === name)) return
      await setTimeout(20)
    }
    throw new Error(`${name} has not begun`)
  }

  #imports(tell: string): string {
    const own = 'body, burn, has, sleep, tell, until'
    return this.host.name === 'vitest'
      ? `
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { group, heddle, isSerial, serial } from '@heddle/vitest'
import { ${own} } from '${tell}'
`
      : `
const { group, heddle, isSerial, serial } = require('@heddle/jest')
const { ${own} } = require('${tell}')
`
  }
}

export function isThree({ name, version }: Host): boolean {
  return name === 'vitest' && version.startsWith('3.')
}
