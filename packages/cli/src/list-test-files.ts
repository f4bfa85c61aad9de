import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { HeddleError, type FoundFile } from '@heddle/core'
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

/**
 * Asks the host in the current directory for the test files it would run.
 *
 * @throws HeddleError `HEDDLE_USAGE`, `HEDDLE_HOST_NOT_FOUND`, `HEDDLE_HOST_FAILED`
 */
export async function listTestFiles({ host, args, workspace }: ListRequest, terminal: Terminal): Promise<FoundFile[]> {
  if (args.some((arg) => /^--shard(=|$)/.test(arg))) throw shardOfShard()
  const name = host ?? detectHost(terminal.cwd)
  const bin = binOf(name, terminal.cwd)
  if (bin === undefined) throw notInstalled(name, terminal.cwd)
  const dir = mkdtempSync(join(tmpdir(), 'heddle-'))
  try {
    const list = join(dir, 'files.json')
    await writeList(name, { bin, args, list }, terminal)
    const files = HOSTS[name].read(list, workspace)
    if (files.length === 0) throw noFiles(name, args)
    return files
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

interface Listing {
  readonly bin: string
  readonly args: readonly string[]
  readonly list: string
}

async function writeList(name: HostName, { bin, args, list }: Listing, terminal: Terminal): Promise<void> {
  const listing = HOSTS[name].listing(list)
  const progress = `Asking ${name} for its test files …`
  const { failure, output } = await runHost(
    { bin, args: [...listing.args, ...args], env: listing.env, progress },
    terminal,
  )
  if (failure === undefined && existsSync(list)) return
  if (failure !== undefined) terminal.stderr.write(output)
  const { reason, fix } =
    failure === undefined
      ? HOSTS[name].whenSilent
      : { reason: `it ended with ${failure}`, fix: 'see its output above; arguments after `--` are handed on to it.' }
  throw new HeddleError('HEDDLE_HOST_FAILED', { problem: `Cannot list the test files of ${name}: ${reason}`, fix })
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
