import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  HeddleError,
  jobKey,
  NO_DEMAND,
  reasonOf,
  toPortablePath,
  type FoundFileDemand,
  type FoundFiles,
} from '@heddle/core'

export const HOST_NAMES = ['vitest', 'jest'] as const
export type HostName = (typeof HOST_NAMES)[number]

/** All that is different between hosts, for the one thing that is asked of them: their test files. */
export interface Host {
  /** The config file in `dir` that makes this the host of the tests there. */
  configIn(dir: string, isInstalled: boolean): string | undefined
  /** The arguments that make it list its test files; if it can, to the file `list`. */
  listing(list: string): readonly string[]
  /**
   * Reads `list` where heddle is not in the host's config, and so has written nothing. Undefined if this host cannot
   * tell its files alone.
   *
   * @throws HeddleError `HEDDLE_HOST_FAILED`
   */
  readonly readAlone: ((list: string, workspace: string) => FoundFiles) | undefined
  /** How to get heddle into its config. */
  readonly wiring: string
}

const vitest: Host = {
  configIn: (dir, isInstalled) =>
    firstScriptIn(dir, 'vitest.config') ??
    firstScriptIn(dir, 'vitest.workspace') ??
    (isInstalled ? firstScriptIn(dir, 'vite.config') : undefined),
  // The same from 3.2 to 5.1; standard output stays free for what config files print.
  listing: (list) => ['list', '--filesOnly', `--json=${list}`],
  readAlone: readVitestList,
  wiring: 'add the plugin: `plugins: [heddle()]` with `import heddle from "@heddle/vitest"` in vitest.config.ts.',
}

const jest: Host = {
  configIn: (dir) =>
    firstScriptIn(dir, 'jest.config') ??
    firstIn(dir, ['jest.config.json']) ??
    (hasJestInManifest(dir) ? 'package.json' : undefined),
  listing: () => ['--listTests'],
  // Jest prints paths without projects. Its sequencer knows both, if it is heddle's.
  readAlone: undefined,
  wiring:
    'wrap the config: `module.exports = withHeddle({ … })` with `const { withHeddle } = require("@heddle/jest")` in jest.config.js.',
}

export const HOSTS: Readonly<Record<HostName, Host>> = { vitest, jest }

const SCRIPT_EXTENSIONS = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'] as const

function firstScriptIn(dir: string, name: string): string | undefined {
  return firstIn(
    dir,
    SCRIPT_EXTENSIONS.map((extension) => `${name}.${extension}`),
  )
}

function firstIn(dir: string, names: readonly string[]): string | undefined {
  return names.find((name) => existsSync(join(dir, name)))
}

function hasJestInManifest(dir: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'jest' in manifest
  } catch {
    return false // No package.json, or one that npm will complain about.
  }
}

function readVitestList(list: string, workspace: string): FoundFiles {
  try {
    const found = JSON.parse(readFileSync(list, 'utf8')) as unknown
    if (!Array.isArray(found) || !found.every(isListed)) throw new Error('it is not a list of files')
    const files = found.map(({ file, projectName = '' }): FoundFileDemand => ({
      key: jobKey(projectName, toPortablePath(workspace, file)),
      demand: NO_DEMAND,
      hints: [],
      reasons: [],
    }))
    return { files, groups: [], testRules: [], warnings: [] }
  } catch (error) {
    throw new HeddleError('HEDDLE_HOST_FAILED', {
      problem: `Cannot read the list of test files of vitest: ${reasonOf(error)}`,
      fix: 'check that `vitest list --filesOnly --json` prints your files; heddle is tested with Vitest 3.2, 4.1 and 5.1.',
      cause: error,
    })
  }
}

interface Listed {
  readonly file: string
  /** Missing for the unnamed project. */
  readonly projectName?: string
}

function isListed(value: unknown): value is Listed {
  return typeof value === 'object' && value !== null && 'file' in value && typeof value.file === 'string'
}
