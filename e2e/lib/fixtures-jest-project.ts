import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { Host } from './hosts.js'
import { Project, type HostRun } from './project.js'

/** What its test files in CommonJS begin with. */
const IMPORTS = `const heddle = require('@heddle/jest')
const { existsSync } = require('node:fs')
const { connect, createServer } = require('node:net')
const { begun, sleep, tell } = require('./tell.js')
`

/** Taken when it is loaded: tests fake timers. `begun(what)` waits until somebody has told it. */
const TELL = `const { appendFileSync, existsSync, mkdirSync, readFileSync } = require('node:fs')
const { join } = require('node:path')
const { setTimeout } = require('node:timers/promises')
const dir = process.env.EVENTS
const file = join(dir, 'told.jsonl')
mkdirSync(dir, { recursive: true })
exports.sleep = setTimeout
exports.tell = (what, value) => appendFileSync(file, JSON.stringify({ what, value, pid: process.pid }) + '\\n')
exports.begun = async (what) => {
  while (!(existsSync(file) && readFileSync(file, 'utf8').includes('"what":"' + what + '"'))) await setTimeout(20)
}
`

/** Something that a test file told. */
export interface Told {
  readonly what: string
  readonly value?: unknown
  readonly pid: number
}

/** A test as `--json` reports it. */
export interface ReportedTest {
  readonly fullName: string
  readonly status: string
  readonly duration: number
  readonly failureMessages: readonly string[]
}

/** A project with only these test files, and with locks and a temporary directory of its own. */
export class FixturesProject {
  readonly project: Project
  /** Short, as the paths of sockets must be. */
  readonly #tmp = mkdtempSync(join(tmpdir(), 'hdl-'))

  /** @param files by path below `test/`; those in CommonJS without what they begin with */
  constructor(host: Host, files: Readonly<Record<string, string>>, config = 'withHeddle({ transform: {} })') {
    this.project = Project.create('jest', host)
    for (const file of readdirSync(join(this.project.dir, 'test'))) this.project.remove(join('test', file))
    onTestFinished(() => rmSync(this.#tmp, { recursive: true, force: true }))
    this.project.write('test/tell.js', TELL)
    this.configure(config)
    for (const [file, text] of Object.entries(files)) this.add(file, text)
  }

  get env(): Readonly<Record<string, string>> {
    return {
      HEDDLE_LOCK_DIR: join(this.project.dir, 'locks'),
      EVENTS: join(this.project.dir, 'events'),
      TMPDIR: this.#tmp,
      TEMP: this.#tmp,
    }
  }

  /** @param config of Jest, as source */
  configure(config: string): void {
    this.project.write('jest.config.js', `const { withHeddle } = require('@heddle/jest')\nmodule.exports = ${config}\n`)
  }

  add(file: string, text: string): void {
    this.project.write(`test/${file}`, (file.endsWith('.test.js') ? IMPORTS : '') + text)
  }

  run(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<HostRun> {
    const width = args.some((arg) => arg === '-i' || arg.startsWith('--maxWorkers')) ? [] : ['--maxWorkers=2']
    return this.project.run([...width, ...args], { env: { ...this.env, ...env } })
  }

  /** Runs the host and expects that all went well. */
  async pass(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<HostRun> {
    const run = await this.run(args, env)
    expect(run.code, run.stdout + run.stderr).toBe(0)
    return run
  }

  /** Runs the host. @returns what it reported, by the full names of the tests, too */
  async report(args: readonly string[] = []): Promise<{ run: HostRun; tests: ReadonlyMap<string, ReportedTest> }> {
    const run = await this.run([...args, '--json', '--outputFile=report.json'])
    const { testResults } = JSON.parse(this.project.read('report.json')) as {
      readonly testResults: readonly { readonly assertionResults: readonly ReportedTest[] }[]
    }
    const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
    return { run, tests: new Map(tests.map((test) => [test.fullName, test])) }
  }

  /** What was told since last asked, oldest first. */
  takeTold(): Told[] {
    const file = join(this.project.dir, 'events/told.jsonl')
    if (!existsSync(file)) return []
    const lines = readFileSync(file, 'utf8').trim().split('\n')
    rmSync(file)
    return lines.map((line) => JSON.parse(line) as Told)
  }

  /** What fixtures have left on disk: paths from the directory of all runs. */
  leftOnDisk(): string[] {
    return readdirSync(this.#tmp)
      .filter((name) => name.startsWith('heddle-'))
      .flatMap((name) => readdirSync(join(this.#tmp, name), { recursive: true, encoding: 'utf8' }))
      .sort()
  }
}
