import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { createRunRecord, PLATFORM, writeRecord } from '@heddle/core'
import { inject, onTestFinished } from 'vitest'
import type { Host } from './hosts.js'

/** What a host process printed and how it ended. */
export interface HostRun {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A moment in a test file of a project, written by the file itself. */
export interface Event {
  readonly file: string
  readonly kind: 'begin' | 'end'
  readonly at: number
}

/** A record as it is on disk. */
export interface StoredRun {
  readonly header: {
    readonly root: string
    readonly workers: number
    readonly shard?: { readonly fingerprint: string }
  }
  readonly keys: readonly string[]
  readonly columns: Readonly<Record<string, readonly number[]>>
  readonly outcomes: readonly string[]
}

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  /** Relative to the project. @default the project */
  readonly cwd?: string
}

/**
 * A copy of a template outside the workspace, in a directory where the packed tarballs and the host are
 * installed as a user would.
 */
export class Project {
  readonly dir: string
  readonly host: Host
  readonly #modules: string

  private constructor(dir: string, host: Host, modules: string) {
    this.dir = dir
    this.host = host
    this.#modules = modules
  }

  /** @param template a directory in `e2e/projects`, or from the root of the repository: `examples/…` */
  static create(template: string, host: Host): Project {
    const home = installHost(host)
    const dir = mkdtempSync(join(home, `${basename(template)}-`))
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
    const source = template.includes('/') ? join('../..', template) : join('../projects', template)
    cpSync(resolve(import.meta.dirname, source), dir, { recursive: true })
    // The project is its own workspace, whatever surrounds the temporary directory.
    mkdirSync(join(dir, '.git'), { recursive: true })
    if (!existsSync(join(dir, 'package.json'))) writeFileSync(join(dir, 'package.json'), '{"private":true}')
    return new Project(dir, host, join(home, 'node_modules'))
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.dir, file)), { recursive: true })
    writeFileSync(join(this.dir, file), text)
  }

  remove(file: string): void {
    rmSync(join(this.dir, file))
  }

  read(file: string): string {
    return readFileSync(join(this.dir, file), 'utf8')
  }

  /** Runs the host with the Node that it needs. */
  run(args: readonly string[], options: RunOptions = {}): Promise<HostRun> {
    return this.#spawn(this.host.name, args, options)
  }

  /** Runs `heddle …`. */
  heddle(args: readonly string[], options: RunOptions = {}): Promise<HostRun> {
    return this.#spawn('heddle', args, options)
  }

  /** The events of all files, oldest first, and forgets them. */
  takeEvents(): Event[] {
    const dir = join(this.dir, 'events')
    if (!existsSync(dir)) return []
    const events = readdirSync(dir).flatMap((name) => readFileSync(join(dir, name), 'utf8').trim().split('\n'))
    rmSync(dir, { recursive: true })
    return events.map((line) => JSON.parse(line) as Event).sort((a, b) => a.at - b.at)
  }

  /** Which files began, in which order, since last asked. */
  takeStarts(): string[] {
    return this.takeEvents()
      .filter(({ kind }) => kind === 'begin')
      .map(({ file }) => file)
  }

  /** The record files of the history, oldest first. */
  records(): string[] {
    const dir = join(this.dir, '.heddle/history')
    return existsSync(dir)
      ? readdirSync(dir)
          .filter((name) => name.endsWith('.jsonl'))
          .sort()
      : []
  }

  /** Gives the project a whole run of the past, by key and duration in ms. */
  writeHistory(durations: Readonly<Record<string, number>>): void {
    const header = {
      runId: 'past',
      isPipeline: false,
      startedAt: Date.now() - 86_400_000,
      host: this.host.name,
      hostVersion: this.host.version,
      root: '',
      platform: PLATFORM,
      nodeMajor: 20,
      workers: 2,
      cpus: 2,
      isCold: false,
    }
    const rest = { waitMs: 0, tests: 1, retries: 0, outcome: 'passed', isPartial: false, load: 0 } as const
    const files = Object.entries(durations).map(([key, durationMs]) => ({ key, durationMs, ...rest }))
    writeRecord(join(this.dir, '.heddle/history'), createRunRecord(header, files))
  }

  /** The newest record. */
  lastRecord(): StoredRun {
    return this.#storedRun(this.records().at(-1) ?? '')
  }

  /** All records, oldest first. */
  storedRuns(): StoredRun[] {
    return this.records().map((file) => this.#storedRun(file))
  }

  #storedRun(file: string): StoredRun {
    const [header, keys, columns] = this.read(join('.heddle/history', file))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown) as [StoredRun['header'], string[], StoredRun['columns']]
    const column = (name: string): readonly number[] => columns[name] ?? keys.map(() => 0)
    return {
      header,
      keys,
      columns: { ...columns, partial: column('partial') },
      outcomes: column('outcome').map((code) => ['passed', 'failed', 'skipped', 'crashed', 'not-run'][code] ?? '?'),
    }
  }

  /** The keys of the newest record, slowest first. */
  slowestFirst(): string[] {
    const { keys, columns } = this.lastRecord()
    const durationOf = new Map(keys.map((key, i) => [key, columns['durationMs']?.[i] ?? 0]))
    return [...keys].sort((a, b) => (durationOf.get(b) ?? 0) - (durationOf.get(a) ?? 0))
  }

  /** Starts the host, to be killed with its workers. */
  start(args: readonly string[], env: Readonly<Record<string, string>>): { kill(): void } {
    const child = this.#start(this.host.name, args, { env })
    child.stdout.resume()
    child.stderr.resume()
    onTestFinished(() => killGroup(child.pid))
    return { kill: () => killGroup(child.pid) }
  }

  /** Starts `heddle …`, which goes on until it is told to end. */
  startHeddle(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ChildProcessByStdio<null, Readable, Readable> {
    const child = this.#start('heddle', args, { env })
    onTestFinished(() => killGroup(child.pid))
    return child
  }

  /** Starts the host and leaves it running until the test ends. */
  watch(args: readonly string[]): Watching {
    const child = this.#start(this.host.name, args, {})
    onTestFinished(async () => {
      // With its workers, which would go on without it.
      killGroup(child.pid)
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      // A process that left the group (Vitest 5's watchdog) may hold them open.
      child.stdout.destroy()
      child.stderr.destroy()
    })
    return new Watching(child)
  }

  async #spawn(bin: string, args: readonly string[], options: RunOptions): Promise<HostRun> {
    const child = this.#start(bin, args, options)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const [code] = (await once(child, 'close')) as [number | null]
    return { code, stdout: plain(stdout), stderr: plain(stderr) }
  }

  #start(
    bin: string,
    args: readonly string[],
    { env, cwd = '.' }: RunOptions,
  ): ChildProcessByStdio<null, Readable, Readable> {
    const node = this.host.needsNewerNode ? join(this.#modules, 'node/bin/node') : process.execPath
    return spawn(node, [realpathSync(join(this.#modules, '.bin', bin)), ...args], {
      cwd: join(this.dir, cwd),
      env: { ...withoutHostVariables(process.env), EVENTS: join(this.dir, 'events'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
  }
}

/** A host in watch mode. */
export class Watching {
  #output = ''
  readonly #child: ChildProcessByStdio<null, Readable, Readable>

  constructor(child: ChildProcessByStdio<null, Readable, Readable>) {
    this.#child = child
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (this.#output += plain(chunk.toString())))
    }
  }

  /** Waits until the host has printed what `pattern` matches since the last call. */
  async until(pattern: RegExp, timeoutMs = 60_000): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (!pattern.test(this.#output)) {
      if (Date.now() > deadline || this.#child.exitCode !== null) {
        throw new Error(`The host never printed ${String(pattern)}:\n${this.#output}`)
      }
      await setTimeout(50)
    }
    this.#output = ''
  }
}

/** Does nothing if none of it is left. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Installs a host and heddle once for all its projects. @returns the directory */
function installHost(host: Host): string {
  const tarballs = inject('tarballs')
  const dir = join(realpathSync(dirname(tarballs[0] ?? '')), `${host.name}-${host.version}${host.variant ?? ''}`)
  if (existsSync(join(dir, 'installed'))) return dir
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'package.json'), '{"private":true}')
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...tarballs, ...host.install], {
    cwd: dir,
    stdio: 'pipe',
    shell: process.platform === 'win32',
  })
  writeFileSync(join(dir, 'installed'), '')
  return dir
}

/** The host under test must not take itself for a worker of the host that runs e2e. */
function withoutHostVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:VITEST|JEST|HEDDLE|TEST$|NODE_ENV|CI$|GITHUB_|npm_)/.test(name)),
  )
}

function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replaceAll(/\u001B\[[\d;]*m/g, '')
}
