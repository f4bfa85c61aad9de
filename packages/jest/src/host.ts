import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { HeddleError } from '@heddle/core/serial'
import type { HostGlobalConfig, HostProjectConfig, HostRunnerClass, HostSequencerClass } from './host-types.js'
import type { FormatMessage } from './prefix-console.js'

const requireHere = createRequire(__filename)

/** Jest's own runner: where it is and its class. */
export function stockRunner(): { readonly file: string; readonly Runner: HostRunnerClass } {
  const requireFromCore = createRequire(findCore())
  const file = requireFromCore.resolve('jest-runner')
  return { file, Runner: defaultExportOf(requireFromCore(file)) as HostRunnerClass }
}

/** Jest's own sequencer. Only jest-config depends on it. */
export function stockSequencer(): HostSequencerClass {
  const requireFromConfig = createRequire(createRequire(findCore()).resolve('jest-config'))
  return defaultExportOf(requireFromConfig('@jest/test-sequencer')) as HostSequencerClass
}

/** The path of Jest's own test runner. Only jest-config depends on it. */
export function stockTestRunner(): string {
  return createRequire(createRequire(findCore()).resolve('jest-config')).resolve('jest-circus/runner')
}

/** What `jest --version` prints. */
export function hostVersion(): string {
  const manifest = createRequire(findCore())('@jest/core/package.json') as { readonly version: string }
  return manifest.version
}

/**
 * The Jest that runs is the one that is loaded: resolving from here could find another version, and nothing at all
 * where package managers are strict. Outside of Jest, the one of the working directory.
 */
function findCore(): string {
  return findLoaded('core') ?? resolveCore(process.cwd())
}

function findLoaded(name: 'core' | 'console'): string | undefined {
  const pattern = new RegExp(`[\\\\/]@jest[\\\\/]${name}[\\\\/]build[\\\\/]`)
  return Object.keys(requireHere.cache).find((file) => pattern.test(file))
}

interface ConsolePackage {
  readonly BufferedConsole: {
    write(buffer: never[], type: string, message: string, stackLevel: number): readonly object[]
  }
  readonly getConsoleOutput: (buffer: readonly object[], ...configs: [HostProjectConfig, HostGlobalConfig]) => string
}

/** What Jest makes of a message that is printed at once. @returns undefined if Jest's console is not loaded */
export function messageFormat(config: HostProjectConfig, globalConfig: HostGlobalConfig): FormatMessage | undefined {
  const file = findLoaded('console')
  if (file === undefined) return undefined
  const { BufferedConsole, getConsoleOutput } = createRequire(file)('@jest/console') as ConsolePackage
  return (type, message, stackLevel) =>
    getConsoleOutput(BufferedConsole.write([], type, message, stackLevel), config, globalConfig)
}

function resolveCore(from: string): string {
  try {
    const jest = createRequire(join(from, 'package.json')).resolve('jest')
    return createRequire(jest).resolve('@jest/core')
  } catch (error) {
    throw new HeddleError('HEDDLE_HOST_NOT_FOUND', {
      problem: `Cannot find Jest from "${from}": neither is it loaded nor installed there`,
      fix: 'install jest in this directory; Jest loads the sequencer and the runner of @heddle/jest by itself.',
      cause: error,
    })
  }
}

function defaultExportOf(module: unknown): unknown {
  return (module as { readonly default?: unknown }).default ?? module
}

/**
 * Whether no project of a run has a transform cache yet, so that its files pay for compilation. Jest keeps it in a
 * directory per project, named after the project's id.
 */
export function isCold(projects: readonly HostProjectConfig[]): boolean {
  const compiled = projects.filter(({ transform }) => transform.length > 0)
  return compiled.length > 0 && !compiled.some(hasTransformCache)
}

function hasTransformCache({ cache, cacheDirectory, id }: HostProjectConfig): boolean {
  if (!cache) return false
  try {
    return readdirSync(cacheDirectory).some((name) => name.startsWith(`jest-transform-cache-${id}-`))
  } catch {
    return false // No cache at all.
  }
}

/**
 * Whether a file failed because its worker died. What a worker reports itself is the file's own error; these messages
 * are jest-worker's, in the parent.
 */
export function isWorkerCrash(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const { type, message } = error as { readonly type?: unknown; readonly message?: unknown }
  return type === 'WorkerError' || (typeof message === 'string' && /^(?:A )?jest worker /i.test(message))
}
