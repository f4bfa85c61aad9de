import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { relative, sep } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import type * as leases from '@heddle/core/leases'
import { checkFileGroups, fileClaimOf, printToStderr, THREAD_LEASES } from '@heddle/core/serial'
import type { CircusEnvironment } from './circus-types.js'
import { fileIdOf } from './group-settings.js'
import { hasFailures } from './has-failures.js'
import { messageFormat, stockTestRunner } from './host.js'
import type { HostGlobalConfig, HostProjectConfig, HostTestResult } from './host-types.js'
import { openFixtures } from './open-fixtures.js'
import { prefixFile } from './prefix-file.js'
import { enterVariables } from './prepared-variables.js'
import { readRunSettings, type RunSettings } from './run-settings.js'
import { enterSlots } from './slot-environment.js'
import { sendStop } from './stopped-worker.js'
import { TestFile } from './test-file.js'
import { groupsOfFile } from './worker-groups.js'

type SendMessageToJest = (event: string, payload: unknown) => unknown

type TestRunnerArguments = [
  globalConfig: HostGlobalConfig,
  config: HostProjectConfig,
  environment: CircusEnvironment,
  runtime: unknown,
  testPath: string,
  sendMessageToJest?: SendMessageToJest,
]

type TestRunner = (...args: TestRunnerArguments) => Promise<HostTestResult>

/**
 * Jest's own test runner; it adds that files and tests wait for their groups and for what `serial` claims, and know their
 * slots. It runs outside of Jest's sandbox, one per worker. The sequencer puts it into the projects.
 */
function runTestFile(...args: TestRunnerArguments): Promise<HostTestResult> {
  const [globalConfig, config, environment, , testPath, sendMessageToJest] = args
  const settings = readRunSettings() ?? settingsWithoutSequencer(config)
  const circus = requireHere(settings.circus) as TestRunner | { readonly default: TestRunner }
  const runCircus = typeof circus === 'function' ? circus : circus.default
  if (globalConfig.collectTests) return runCircus(...args)
  const path = relative(settings.workspace, testPath).split(sep).join('/')
  const source = readFileSync(testPath, 'utf8')
  const project = config.displayName?.name ?? ''
  const groups = groupsOfFile(settings.dir, { id: fileIdOf({ config }, testPath), path, project, source })
  // The main process holds them, and they are free when it is killed.
  if (groups.held.groups.some(({ scope }) => scope !== 'run')) endWith(settings.pid)
  const slot = Number(process.env['JEST_WORKER_ID'] ?? 1)
  const starting = { path, testPath, source, slot, sandbox: environment.global }
  const fixtures = openFixtures(settings, starting, leasesOf)
  const file = new TestFile({
    file: path,
    serial: fileClaimOf(source),
    groups,
    checkGroups: (called) => checkFileGroups(called, { file: path, source, declared: groups.names }),
    slot,
    runId: settings.runId,
    fixtures,
    leases: () => leasesOf(settings),
    stopWorker: stopperOf(settings, testPath, sendMessageToJest),
    print: printToStderr,
  })
  // What tests hold by serial is held until their fixtures are given back.
  fixtures.attachTo(environment)
  file.attachTo(environment)
  shareLeases(environment)
  let leaveSlots = (): void => undefined
  const endPrefix = settings.fixtures?.prefix
    ? prefixFile(starting, messageFormat(config, globalConfig))
    : (): void => undefined
  const close = (hasFailed: boolean): Promise<void> =>
    closeAll(
      () => fixtures.close(hasFailed),
      () => file.close(),
    ).finally(() => {
      endPrefix()
      leaveSlots()
    })
  // Not awaited: this function would be in the stacks of all errors.
  return file
    .open()
    .then(() => fixtures.open())
    .then(() => {
      leaveSlots = enterSlots(environment.global, { runId: settings.runId, slot, groupSlots: file.groupSlots })
      return runCircus(...args)
    })
    .then(
      (result) =>
        close(hasFailures(result)).then(() =>
          Object.assign(result, { heddle: { waitMs: file.waitedMs, held: file.held } }),
        ),
      (error: unknown) => close(true).then(() => Promise.reject(error)),
    )
}

/** One after the other, the last one whatever becomes of the first. */
async function closeAll(first: () => Promise<void>, last: () => Promise<void>): Promise<void> {
  try {
    await first()
  } finally {
    await last()
  }
}

const requireHere = createRequire(__filename)

/** Most files need no leases. */
function loadLeases(): typeof leases {
  return requireHere('@heddle/core/leases') as typeof leases
}

/** What a test takes for itself must be known here, lest it wait for itself. */
function shareLeases({ global }: CircusEnvironment): void {
  const get = (): unknown => loadLeases().leasesOfThread()
  Object.defineProperty(global, THREAD_LEASES, { get, configurable: true })
}

/** Somebody named this module in the config. */
function settingsWithoutSequencer({ rootDir }: HostProjectConfig): RunSettings {
  return { circus: stockTestRunner(), workspace: rootDir, runId: String(process.pid), pid: process.pid }
}

function leasesOf({ workspace, runId, pid }: RunSettings): leases.Leases {
  const ours = loadLeases().threadLeases({ root: workspace, runId })
  ours.onLongWait = printToStderr
  endWith(pid)
  return ours
}

const { setInterval: startInterval } = globalThis

let isWatchingParent = false

/**
 * A worker whose Jest was killed would go on, and hold what it holds, or what is free again. It looks instead of listening: a
 * listener would keep a worker alive that is done. In band, and in a thread, there is nobody to look for.
 *
 * @param main the process of Jest itself
 */
function endWith(main: number): void {
  if (isWatchingParent || process.pid === main || !process.connected) return
  isWatchingParent = true
  startInterval(() => {
    if (!process.connected) process.exit(1)
  }, 250).unref()
}

/** Only a worker process can be ended without ending others. */
function stopperOf({ pid }: RunSettings, path: string, send: SendMessageToJest | undefined) {
  if (process.pid === pid || !isMainThread || send === undefined) return undefined
  return (test: string): Promise<never> => sendStop(send, { path, test, pid: process.pid })
}

enterVariables(readRunSettings())

export = runTestFile
