import { join } from 'node:path'
import { expect } from 'vitest'
import type { Host } from './hosts.js'
import { Project, type Event, type HostRun } from './project.js'

/** What its test files begin with. */
const SERIAL = `const { serial, isSerial } = require('@heddle/jest')
const { body, begun, sleep } = require('./body.js')
`

/**
 * `body(name, ms)` writes when it begins and ends, to one file that is only appended to: what is above came before.
 * `begun(name)` waits until it has begun somewhere.
 */
export const BODY = `const { appendFileSync, mkdirSync, existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout } = require('node:timers/promises')
const dir = process.env.EVENTS
const log = join(dir, 'log.jsonl')
const write = (file, kind) => {
  mkdirSync(dir, { recursive: true })
  appendFileSync(log, JSON.stringify({ file, kind, at: 0 }) + '\\n')
}
exports.sleep = setTimeout
exports.body = async (name, ms = 50) => {
  const one = name + (process.env.RUN ?? '')
  write(one, 'begin')
  await setTimeout(ms)
  write(one, 'end')
}
exports.begun = async (name) => {
  while (!(existsSync(log) && readFileSync(log, 'utf8').includes('"' + name + '","kind":"begin"'))) await setTimeout(20)
}
`

/** A test as `--json` reports it. */
export interface Reported {
  readonly status: string
  readonly duration: number
  readonly message: string
}

/** A project of serial tests with locks of its own. */
export class SerialProject {
  readonly project: Project

  /** @param files by name, without what they begin with */
  constructor(host: Host, files: Readonly<Record<string, string>>, config = 'withHeddle({})') {
    this.project = Project.create('jest', host)
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) this.project.remove(`test/${name}.test.js`)
    this.project.write('test/body.js', BODY)
    this.configure(config)
    for (const [name, text] of Object.entries(files)) this.add(name, text)
  }

  /** For runs that share locks and events with those of this project. */
  get env(): Readonly<Record<string, string>> {
    return { HEDDLE_LOCK_DIR: join(this.project.dir, 'locks'), EVENTS: join(this.project.dir, 'events') }
  }

  configure(config: string): void {
    this.project.write('jest.config.js', `const { withHeddle } = require('@heddle/jest')\nmodule.exports = ${config}\n`)
  }

  add(name: string, text: string): void {
    this.project.write(`test/${name}.test.js`, SERIAL + text)
  }

  run(args: readonly string[] = ['--maxWorkers=3'], env: Readonly<Record<string, string>> = {}): Promise<HostRun> {
    return this.project.run(args, { env: { ...this.env, ...env } })
  }

  /** Runs and gives what was reported, by the full names of the tests. */
  async report(args?: readonly string[]): Promise<{ readonly run: HostRun; readonly tests: Map<string, Reported> }> {
    const run = await this.run([...(args ?? ['--maxWorkers=3']), '--json', '--outputFile=report.json'])
    return { run, tests: this.reported() }
  }

  reported(): Map<string, Reported> {
    const { testResults } = JSON.parse(this.project.read('report.json')) as {
      readonly testResults: readonly {
        readonly assertionResults: readonly {
          readonly fullName: string
          readonly status: string
          readonly duration: number
          readonly failureMessages: readonly string[]
        }[]
      }[]
    }
    return new Map(
      testResults.flatMap(({ assertionResults }) =>
        assertionResults.map(({ fullName, status, duration, failureMessages }) => [
          fullName,
          { status, duration, message: failureMessages.join('\n') },
        ]),
      ),
    )
  }
}

/** Which bodies ran at the same time, sorted. */
export function overlapsOf(events: readonly Event[]): string[] {
  const running = new Set<string>()
  const overlaps = new Set<string>()
  for (const { file, kind } of events) {
    if (kind === 'end') running.delete(file)
    else {
      for (const other of running) overlaps.add([file, other].sort().join(' + '))
      running.add(file)
    }
  }
  return [...overlaps].sort()
}

export function expectPassed({ code, stdout, stderr }: HostRun): void {
  expect(code, stdout + stderr).toBe(0)
}
