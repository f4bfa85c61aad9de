import { filesOf, type FileRecord } from '@heddle/core'
import { describe, expect, test } from 'vitest'
import { globalConfig, resultOf, sessionIn, tempDir, testOf } from '../fixtures/host.js'
import type { HostEvents, HostGlobalConfig, HostTest, HostTestResult } from './host-types.js'
import { JestRun } from './jest-run.js'
import { recordFiles } from './record-files.js'

interface Setting {
  readonly inBand?: boolean
  readonly config?: Partial<HostGlobalConfig>
}

/** Jest's runner as far as it is listened to, a clock, and what ends up in the history. */
class Stage {
  readonly root = tempDir()
  at = 1000
  isInterrupted = false
  readonly #listeners = new Map<string, (args: never) => void>()
  #run: JestRun | undefined

  async open({ inBand = false, config = {} }: Setting = {}): Promise<this> {
    const { session } = await sessionIn(this.root)
    this.#run = new JestRun(session, { hostVersion: '30.0.0', isCold: false })
    this.#run.begin([], { workers: 4 })
    const runner = {
      on: <Name extends keyof HostEvents>(name: Name, listener: (args: HostEvents[Name]) => void): (() => void) => {
        this.#listeners.set(name, listener)
        return () => undefined
      },
    }
    const watcher = { isInterrupted: (): boolean => this.isInterrupted }
    recordFiles(runner, this.#run, { globalConfig: globalConfig(config), watcher, inBand, now: () => this.at })
    return this
  }

  test(name: string): HostTest {
    return testOf(`${this.root}/${name}`)
  }

  emit<Name extends keyof HostEvents>(name: Name, ...args: HostEvents[Name]): void {
    this.#listeners.get(name)?.(args as never)
  }

  /** Runs one file for 500 ms. */
  run(name: string, result: Partial<HostTestResult> = {}): void {
    const one = this.test(name)
    this.emit('test-file-start', one)
    this.at += 500
    this.emit('test-file-success', one, resultOf(one.path, result))
  }

  fail(name: string, error: unknown): void {
    const one = this.test(name)
    this.emit('test-file-start', one)
    this.at += 500
    this.emit('test-file-failure', one, error)
  }

  get files(): FileRecord[] {
    this.#run?.end()
    return this.#run?.session.records.flatMap(filesOf) ?? []
  }
}

describe('recordFiles', () => {
  test('measures from dispatch to result', async () => {
    const stage = await new Stage().open()
    stage.run('a')
    expect(stage.files).toMatchObject([{ key: 'a', durationMs: 500, outcome: 'passed', isPartial: false }])
  })

  test('does not charge the first file of a worker with the start of the worker', async () => {
    const stage = await new Stage().open()
    stage.run('a', { perfStats: { start: 1300, end: 1500 } })
    expect(stage.files).toMatchObject([{ durationMs: 200 }])
  })

  test('charges every file with it where a memory limit restarts workers', async () => {
    const stage = await new Stage().open({ config: { workerIdleMemoryLimit: 1024 } })
    stage.run('a', { perfStats: { start: 1300, end: 1500 } })
    expect(stage.files).toMatchObject([{ durationMs: 500 }])
  })

  test('tells a dead worker from a file that cannot be loaded', async () => {
    const stage = await new Stage().open()
    stage.fail('dead', new Error('A jest worker process (pid=1) crashed for an unknown reason: exitCode=0'))
    stage.fail('syntax', new SyntaxError('Unexpected token'))
    expect(stage.files).toMatchObject([
      { key: 'dead', outcome: 'crashed', isPartial: true },
      { key: 'syntax', outcome: 'failed', isPartial: true },
    ])
  })

  test('knows no crash in band: it would have ended Jest', async () => {
    const stage = await new Stage().open({ inBand: true })
    stage.fail('a', new Error('jest worker of mine failed'))
    expect(stage.files).toMatchObject([{ outcome: 'failed' }])
  })

  test('marks everything as partial under -t', async () => {
    const stage = await new Stage().open({ config: { testNamePattern: 'one' } })
    stage.run('a')
    expect(stage.files).toMatchObject([{ isPartial: true }])
  })

  test('marks a file as partial whose .only left tests out', async () => {
    const stage = await new Stage().open()
    const some = stage.test('some')
    stage.emit('test-case-start', some.path, { mode: 'only' })
    stage.run('some', { numPendingTests: 1 })
    stage.emit('test-case-start', stage.test('all').path, { mode: 'only' })
    stage.run('all')
    stage.emit('test-case-start', stage.test('skip').path, { mode: null })
    stage.run('skip', { numPendingTests: 1 })
    const partial = stage.files.map(({ key, isPartial }) => [key, isPartial])
    expect(Object.fromEntries(partial)).toEqual({ all: false, skip: false, some: true })
  })

  test('takes nothing after an interrupt for a failure', async () => {
    const stage = await new Stage().open()
    stage.run('a')
    stage.isInterrupted = true
    stage.fail('b', new Error('CancelRun'))
    stage.emit('test-file-failure', stage.test('c'), undefined)
    stage.run('d')
    expect(stage.files).toMatchObject([
      { key: 'a', isPartial: false },
      { key: 'd', isPartial: true },
    ])
  })
})
