import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  BaseSequencer,
  type Reporter,
  type TestModule,
  type TestProject,
  type TestSpecification,
  type Vitest,
} from 'vitest/node'
import { readSource } from './read-source.js'

/** Everything that differs between Vitest 3.2, 4.1 and 5 is in this file. */

export { BaseSequencer }

/** Settings that only some majors have. */
interface VersionedConfig {
  /** v4, v5. */
  readonly isolate?: boolean
  readonly maxWorkers?: number | string
  /** v3: per pool. */
  readonly poolOptions?: Record<string, VersionedPoolOptions | undefined>
  readonly sequence: { readonly groupOrder?: number; readonly seed?: number }
  readonly cache?: { readonly dir?: string } | false
  readonly tagsFilter?: readonly string[]
  readonly testNamePattern?: RegExp
  readonly shard?: object
  readonly changed?: boolean | string
  readonly related?: readonly string[]
  readonly project?: readonly string[]
}

interface WidthOfThree {
  maxWorkers?: number | string
  minWorkers?: number
  poolOptions?: Record<string, object | undefined>
}

interface VersionedPoolOptions {
  readonly isolate?: boolean
  readonly maxForks?: number
  readonly maxThreads?: number
  readonly singleFork?: boolean
  readonly singleThread?: boolean
}

interface VersionedSpecification {
  readonly testLines?: readonly number[] | undefined
  readonly testIds?: readonly string[] | undefined
  readonly testNames?: readonly string[] | undefined
  readonly testNamePattern?: RegExp | undefined
  readonly testTagsFilter?: readonly string[] | undefined
}

/** Public in no major, there in all. */
interface Internals {
  readonly reporters?: Reporter[]
  readonly isCancelling?: boolean
  readonly filenamePattern?: readonly string[]
  /** v3, v4; v5 shows its command line to config hooks. */
  readonly _cliOptions?: { readonly sequence?: { readonly shuffle?: boolean | { readonly files?: boolean } } }
}

/** The private task behind a module. */
interface VersionedModule {
  readonly task: { readonly containsOnly?: boolean; readonly pool?: string }
}

/** How many files run at once. */
export function workersOf(vitest: Vitest, project: TestProject | undefined): number {
  const own = configOf(project ?? vitest)
  const root = configOf(vitest)
  const pool = (project ?? vitest).config.pool
  const wanted = poolWorkers(own.poolOptions?.[pool] ?? root.poolOptions?.[pool]) ?? own.maxWorkers ?? root.maxWorkers
  return Math.max(1, Number(wanted) || defaultWorkers(vitest))
}

function poolWorkers(options: VersionedPoolOptions | undefined): number | undefined {
  return options?.singleFork || options?.singleThread ? 1 : (options?.maxForks ?? options?.maxThreads)
}

function defaultWorkers(vitest: Vitest): number {
  const cpus = availableParallelism()
  return vitest.config.watch ? Math.floor(cpus / 2) : cpus - 1
}

/** Vitest runs lower stages first; type tests come after all others, and so do files without parallelism (v4, v5). */
export function stageOf({ project, pool }: TestSpecification): number {
  if (pool === 'typescript') return Number.MAX_SAFE_INTEGER
  const { isolate, maxWorkers, sequence } = configOf(project)
  const groupOrder = sequence.groupOrder ?? 0
  const isSequential = isolate === true && maxWorkers === 1 && groupOrder === 0
  return isSequential ? Number.MAX_SAFE_INTEGER - 1 : groupOrder
}

/** Non-isolated files of one project and environment share a worker, if they are neighbours. */
export function batchOf(specification: TestSpecification): string | undefined {
  const { project, pool, moduleId } = specification
  const config = configOf(project)
  if (config.poolOptions?.[pool]?.isolate ?? config.isolate ?? true) return undefined
  return JSON.stringify([project.name, pool, environmentOf(moduleId) ?? project.config.environment])
}

/**
 * Whether the command line asks to shuffle files. The resolved config no longer tells: with a sequencer set by a config
 * hook it keeps only whether *tests* are shuffled. (A shuffle in the config itself keeps our sequencer out.)
 */
export function isShuffledByCommandLine(vitest: Vitest): boolean {
  const shuffle = internalsOf(vitest)._cliOptions?.sequence?.shuffle
  return typeof shuffle === 'object' ? Boolean(shuffle.files) : Boolean(shuffle)
}

export function seedOf(vitest: Vitest): number {
  return configOf(vitest).sequence.seed ?? 0
}

/** Whether Vitest's cache was never written: then dependencies are optimised and files transformed for the first time. */
export function isCold(vitest: Vitest): boolean {
  const { cache } = configOf(vitest)
  return cache !== false && cache?.dir !== undefined && !existsSync(cache.dir)
}

/** The live reporters of this Vitest, once it has created them. */
export function reportersOf(vitest: Vitest): Reporter[] {
  return internalsOf(vitest).reporters ?? []
}

/** Whether its tests run in a browser, or are types only. */
export function runsOutsideOfNode({ config }: TestProject): boolean {
  return Boolean(config.browser?.enabled || (config.typecheck?.enabled && config.typecheck.only))
}

/** Gives the workers of a project a value to `inject`. */
export function provideTo(project: TestProject, name: string, value: object): void {
  const { provide } = project as unknown as {
    readonly provide: (this: TestProject, name: string, value: object) => void
  }
  provide.call(project, name, value)
}

/** Whether the run is ending before its time: bail, or Ctrl-C. */
export function isCancelling(vitest: Vitest): boolean {
  return internalsOf(vitest).isCancelling ?? false
}

/** Type tests are one task for all files of a project; their times mean nothing. */
export function isTypeTest(module: TestModule): boolean {
  const { task } = module as unknown as VersionedModule
  return task.pool === 'typescript'
}

/** Whether only part of the module's tests ran, so that its duration says little (what Vitest 5 checks for its own cache). */
export function isPartialRun(
  vitest: Vitest,
  module: TestModule,
  specification: TestSpecification | undefined,
): boolean {
  return (
    isCancelling(vitest) ||
    isFiltered(vitest) ||
    (specification !== undefined && isNarrowed(specification)) ||
    hasOnly(module)
  )
}

/** Whether the files are known to be only part of the suite, by how Vitest was asked for them. */
export function isKnownToBePartial(vitest: Vitest): boolean {
  const { shard, changed, related, project } = configOf(vitest)
  const hasFilter = [related, project, internalsOf(vitest).filenamePattern].some((list) => list?.length)
  return hasFilter || shard !== undefined || Boolean(changed)
}

/** Leaves one worker to each pool of Vitest 3, which nobody else can start files of one by one. */
export function narrowToOneWorker(vitest: Vitest): void {
  if (!isThree(vitest)) return
  const config: WidthOfThree = vitest.config
  const forks = { maxForks: 1, minForks: 1 }
  const threads = { maxThreads: 1, minThreads: 1 }
  const widths = { forks, vmForks: forks, threads, vmThreads: threads }
  config.maxWorkers = 1
  config.minWorkers = 1
  config.poolOptions = Object.fromEntries(
    Object.entries(widths).map(([pool, width]) => [pool, { ...config.poolOptions?.[pool], ...width }]),
  )
}

/** Whether Vitest runs these files pool by pool, all pools at once and each with a limit of its own: v3. */
export function hasPoolsApart(vitest: Vitest, specifications: readonly TestSpecification[]): boolean {
  return isThree(vitest) && new Set(specifications.map(({ pool }) => pool)).size > 1
}

/** Whether Vitest gives the number of a worker to another only when its process has gone: v3, apart for each pool. */
export function hasOwnSlots(vitest: Vitest, specifications: readonly TestSpecification[]): boolean {
  return isThree(vitest) && !hasPoolsApart(vitest, specifications)
}

function isThree({ version }: Vitest): boolean {
  return version.startsWith('3.')
}

function isFiltered(vitest: Vitest): boolean {
  const { tagsFilter, testNamePattern } = configOf(vitest)
  const pattern = 'getGlobalTestNamePattern' in vitest ? vitest.getGlobalTestNamePattern() : testNamePattern
  return pattern !== undefined || (tagsFilter?.length ?? 0) > 0
}

function isNarrowed(specification: VersionedSpecification): boolean {
  const { testLines, testIds, testNames, testNamePattern, testTagsFilter } = specification
  return testNamePattern !== undefined || [testLines, testIds, testNames, testTagsFilter].some((list) => list?.length)
}

/** Vitest 5 tells; before, a file with skipped tests is looked into for `.only`. */
function hasOnly(module: TestModule): boolean {
  const { task } = module as unknown as VersionedModule
  if (task.containsOnly !== undefined) return task.containsOnly
  for (const _ of module.children.allTests('skipped')) return /\.only\b/.test(readSource(module.moduleId))
  return false
}

function environmentOf(moduleId: string): string | undefined {
  const source = readSource(moduleId)
  const name = /@(?:vitest|jest)-environment\s+([\w-]+)\b/.exec(source)?.[1]
  const options = /@(?:vitest|jest)-environment-options\s+(.+)/.exec(source)?.[1]
  return name === undefined && options === undefined ? undefined : `${name} ${options}`
}

function configOf(owner: Vitest | TestProject): VersionedConfig {
  return owner.config
}

function internalsOf(vitest: Vitest): Internals {
  return vitest as unknown as Internals
}
