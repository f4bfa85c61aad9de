import { createRequire } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import type * as core from '@heddle/core'
import type * as coreFixtures from '@heddle/core/fixtures'
import type * as ofRuns from '@heddle/core/run-fixtures'
import type { Leases } from '@heddle/core/leases'
import { printToStderr } from '@heddle/core/serial'
import { FixturesOfFile } from './fixtures-of-file.js'
import { ResourcesOfTests, type OpenResources } from './resources-of-tests.js'
import type { FixturesOfWorker } from './fixtures-of-worker.js'
import type { RunSettings } from './run-settings.js'
import { environmentOf } from './slot-environment.js'
import { workerFixtures } from './worker-fixtures.js'
import { workerResources } from './worker-resources.js'

/** A test file that is about to run. */
export interface StartingFile {
  /** As people know it. */
  readonly path: string
  /** Absolute. */
  readonly testPath: string
  readonly source: string
  readonly slot: number
  /** The global object of its sandbox. */
  readonly sandbox: object
}

/** @param leasesOf opens the leases of the thread when they are needed */
export function openFixtures(
  settings: RunSettings,
  file: StartingFile,
  leasesOf: (settings: RunSettings) => Leases,
): FixturesOfFile {
  const { path, source, slot, sandbox } = file
  const ofWorker = (): FixturesOfWorker => openWorker(settings, slot, leasesOf)
  const envGuard = settings.fixtures?.envGuard ?? 'auto'
  const namesHeddle = source.includes('@heddle/jest')
  return new FixturesOfFile({
    file: path,
    resources: new ResourcesOfTests(resourcesOf(settings, file)),
    isGuarded: envGuard === 'auto' ? namesHeddle : envGuard !== 'off',
    leave: () => ofWorker().leaveFile(),
    open: (opened) => ofWorker().openFile({ ...opened, namesHeddle }, sandbox),
    envChanged: (...args) => loadFixtures().envChanged(...args),
    print: printToStderr,
  })
}

function resourcesOf({ fixtures }: RunSettings, { path, testPath, slot, sandbox }: StartingFile): OpenResources {
  if (fixtures?.resources === undefined) return undefined
  return async () => {
    const { ResourcesOfFile } = loadFixtures()
    const worker = workerResources({ settings: fixtures, slot: () => slot, print: printToStderr })
    const opened = await worker.openFile({ file: path, path: testPath })
    return new ResourcesOfFile(opened, [process.env, environmentOf(sandbox) ?? process.env])
  }
}

/** Not in the scope of a file: it would be kept in memory for as long as its worker lives. */
function openWorker(
  settings: RunSettings,
  slot: number,
  leasesOf: (settings: RunSettings) => Leases,
): FixturesOfWorker {
  const isMain = process.pid === settings.pid && isMainThread
  const ofRun = settings.fixtures ?? defaultsFor(settings)
  return workerFixtures(
    { settings: ofRun, slot: () => slot, leases: () => leasesOf(settings), print: printToStderr },
    isMain,
  )
}

const requireHere = createRequire(__filename)

/** What heddle's sequencer tells where it runs. */
function defaultsFor({ workspace, runId }: RunSettings): coreFixtures.FixtureSettings {
  const { resolveHeddleOptions } = requireHere('@heddle/core') as typeof core
  const { newSettings } = requireHere('@heddle/core/run-fixtures') as typeof ofRuns
  const options = resolveHeddleOptions({}, 'the defaults')
  return newSettings({ root: workspace, runId, options })
}

function loadFixtures(): typeof coreFixtures {
  return requireHere('@heddle/core/fixtures') as typeof coreFixtures
}
