import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { FOUND_FILES_VARIABLE, HeddleError, readFoundFiles, type FoundFiles } from '@heddle/core'
import { HOST_NAMES, HOSTS, type HostName } from './host.js'
import { runHost } from './run-host.js'
import type { Terminal } from './terminal.js'

export interface ListRequest {
  /** Found by its config file if undefined. */
  readonly host: HostName | undefined
  /** Handed on to the host: filters, `--project`, `--config`. */
  readonly args: readonly string[]
  /** Keys are relative to it. */
  readonly workspace: string
}

/** What a host told, and whether heddle in it had a say. */
export interface ListedFiles extends FoundFiles {
  readonly host: HostName
  /** False: heddle is not in the host's config, so what its rules mean is not known. */
  readonly isWired: boolean
}

/**
 * Asks the host in the current directory for the test files it would run, and heddle in it for their groups.
 *
 * @throws HeddleError `HEDDLE_USAGE`, `HEDDLE_HOST_NOT_FOUND`, `HEDDLE_HOST_FAILED`
 */
export async function listTestFiles({ host, args, workspace }: ListRequest, terminal: Terminal): Promise<ListedFiles> {
  if (args.some((arg) => /^--shard(=|$)/.test(arg))) throw shardOfShard()
  const name = host ?? detectHost(terminal.cwd)
  const bin = binOf(name, terminal.cwd)
  if (bin === undefined) throw notInstalled(name, terminal.cwd)
  const dir = mkdtempSync(join(tmpdir(), 'heddle-'))
  try {
    const lists = { byHost: join(dir, 'files.json'), byHeddle: join(dir, 'found.json') }
    await writeLists(name, { bin, args, ...lists }, terminal)
    const listed = readLists(name, lists, workspace)
    if (listed.files.length === 0) throw noFiles(name, args)
    return listed
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** @throws HeddleError `HEDDLE_USAGE`, `HEDDLE_HOST_NOT_FOUND` */
export function detectHost(dir: string): HostName {
  const found = HOST_NAMES.flatMap((name) => {
    const config = HOSTS[name].configIn(dir, binOf(name, dir) !== undefined)
    return config === undefined ? [] : [{ name, config }]
  })
  const [only, other] = found
  if (only === undefined) throw noConfig(dir)
  if (other !== undefined) {
    throw new HeddleError('HEDDLE_USAGE', {
      problem: `Cannot tell which tests to plan in "${dir}": there are ${only.config} and ${other.config}`,
      fix: `name the host: \`--host ${only.name}\` or \`--host ${other.name}\`.`,
    })
  }
  return only.name
}

interface Lists {
  readonly byHost: string
  readonly byHeddle: string
}

interface Listing extends Lists {
  readonly bin: string
  readonly args: readonly string[]
}

async function writeLists(name: HostName, { bin, args, ...lists }: Listing, terminal: Terminal): Promise<void> {
  const { failure, output } = await runHost(
    {
      bin,
      args: [...HOSTS[name].listing(lists.byHost), ...args],
      env: { [FOUND_FILES_VARIABLE]: lists.byHeddle },
      progress: `Asking ${name} for its test files …`,
    },
    terminal,
  )
  if (failure === undefined) return
  terminal.stderr.write(output)
  throw cannotList(name, `it ended with ${failure}`, 'see its output above; arguments after `--` are handed on to it.')
}

function readLists(name: HostName, { byHost, byHeddle }: Lists, workspace: string): ListedFiles {
  const { readAlone, wiring } = HOSTS[name]
  if (existsSync(byHeddle)) return { ...readFoundFiles(byHeddle), host: name, isWired: true }
  if (readAlone === undefined) throw cannotList(name, 'heddle is not in its config', wiring)
  if (existsSync(byHost)) return { ...readAlone(byHost, workspace), host: name, isWired: false }
  throw cannotList(
    name,
    'it wrote no list',
    `check that \`${name} ${HOSTS[name].listing('files.json').join(' ')}\` writes your files; see docs/cli.md for the versions that heddle knows.`,
  )
}

function cannotList(name: HostName, reason: string, fix: string): HeddleError {
  return new HeddleError('HEDDLE_HOST_FAILED', { problem: `Cannot list the test files of ${name}: ${reason}`, fix })
}

/** The program of a host as `dir` would import it; undefined if it is not installed. */
function binOf(name: HostName, dir: string): string | undefined {
  try {
    const manifest = createRequire(join(dir, 'x')).resolve(`${name}/package.json`)
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: string | Readonly<Record<string, string>> }
    return join(dirname(manifest), typeof bin === 'string' ? bin : (bin[name] ?? ''))
  } catch {
    return undefined
  }
}

function notInstalled(name: HostName, dir: string): HeddleError {
  return new HeddleError('HEDDLE_HOST_NOT_FOUND', {
    problem: `Cannot run ${name} in "${dir}": it is not installed there`,
    fix: `install ${name}, or run heddle in the package that has it.`,
  })
}

function noConfig(dir: string): HeddleError {
  return new HeddleError('HEDDLE_HOST_NOT_FOUND', {
    problem: `Cannot list test files in "${dir}": there is no config file of Vitest or Jest`,
    fix: 'run heddle where your tests run, or name the host: `--host vitest` or `--host jest`.',
  })
}

function noFiles(name: HostName, args: readonly string[]): HeddleError {
  const given = args.length === 0 ? '' : ` with "${args.join(' ')}"`
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot plan: ${name} finds no test files${given}`,
    fix: 'check the arguments after `--` and the `include` or `testMatch` of the config.',
  })
}

function shardOfShard(): HeddleError {
  return new HeddleError('HEDDLE_USAGE', {
    problem: 'Cannot plan with "--shard" among the arguments of the host: a plan is made of all files',
    fix: 'leave it out; `heddle plan --shards <n>` splits them.',
  })
}
