import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import type { Host } from './hosts.js'
import { Project, type HostRun, type Watching } from './project.js'
import { CONFIG, HELPERS, LOG } from './resources-config.js'

const NAMES = 'list, put, sleep, tell, told, until'

const VITEST_IMPORTS = `
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test as plain, vi } from 'vitest'
import { resource, test } from '@heddle/vitest'
import { ${NAMES} } from '../helpers.js'
`

const JEST_IMPORTS = `
const { resource } = require('@heddle/jest')
const { ${NAMES} } = require('../helpers.js')
`

/** How a project is set up, besides its files. */
export interface ResourcesSetup {
  /** Of the host, source text: what is inside of `test`, or of the object given to withHeddle. */
  readonly config?: string
  /** Of Vitest besides heddle's: source text. */
  readonly plugins?: string
  /** Source text of heddle.config.mjs. */
  readonly heddle?: string
}

/** A project with home-made resources and only these test files. */
export class ResourcesProject {
  readonly project: Project
  readonly host: Host
  /** Short, as the paths of sockets must be. */
  readonly #tmp = mkdtempSync(join(tmpdir(), 'hdl-'))

  /** @param files source text by name: `orders` */
  constructor(host: Host, files: Readonly<Record<string, string>>, setup: ResourcesSetup = {}) {
    this.host = host
    this.project = Project.create(host.name, host)
    onTestFinished(() => rmSync(this.#tmp, { recursive: true, force: true }))
    for (const file of readdirSync(join(this.project.dir, 'test'))) this.project.remove(join('test', file))
    this.project.write('heddle.config.mjs', setup.heddle ?? CONFIG)
    this.project.write(LOG, '')
    this.#configure(setup)
    for (const [name, text] of Object.entries(files)) this.write(name, text)
  }

  get isVitest(): boolean {
    return this.host.name === 'vitest'
  }

  get env(): Readonly<Record<string, string>> {
    return {
      HEDDLE_LOCK_DIR: join(this.project.dir, 'locks'),
      HEDDLE_CACHE_DIR: join(this.project.dir, 'cache'),
      RESOURCES_LOG: join(this.project.dir, LOG),
      TMPDIR: this.#tmp,
    }
  }

  /** A test file; it may use the helpers, `resource`, and what its host offers. */
  write(name: string, text: string): void {
    const [, comment = '', rest = ''] = /^(\s*\/\*\*[^]*?\*\/)?([^]*)$/.exec(text) ?? []
    this.project.write(
      `test/${name}.test.js`,
      comment.trimStart() + (this.isVitest ? VITEST_IMPORTS : JEST_IMPORTS) + rest,
    )
  }

  run(...args: string[]): Promise<HostRun> {
    return this.project.run([...this.#command('run'), ...args], { env: this.env })
  }

  async pass(...args: string[]): Promise<HostRun> {
    const run = await this.run(...args)
    expect(run.code, run.stdout + run.stderr).toBe(0)
    return run
  }

  watch(...args: string[]): Watching {
    return this.project.watch([...this.#command('watch'), ...args])
  }

  /** What has been told so far. */
  told(): string[] {
    return readFileSync(join(this.project.dir, LOG), 'utf8').split('\n').filter(Boolean)
  }

  /** Forgets what has been told. */
  takeTold(): string[] {
    const told = this.told()
    writeFileSync(join(this.project.dir, LOG), '')
    return told
  }

  /** How often something has been told. */
  count(line: string): number {
    return this.told().filter((one) => one === line).length
  }

  async untilTold(line: string): Promise<void> {
    for (let i = 0; !this.told().includes(line); i++) {
      if (i > 1500) throw new Error(`nobody has told "${line}"`)
      await setTimeout(20)
    }
  }

  /** What of runs is still on disk. */
  leftOnDisk(): string[] {
    return readdirSync(this.#tmp)
      .filter((name) => name.startsWith('heddle-'))
      .flatMap((base) => readdirSync(join(this.#tmp, base), { recursive: true, encoding: 'utf8' }))
  }

  #command(mode: 'run' | 'watch'): string[] {
    if (this.isVitest) return [mode]
    return mode === 'watch' ? ['--watchAll'] : []
  }

  #configure({ config = '', plugins = '' }: ResourcesSetup): void {
    const env = `Object.assign(process.env, ${JSON.stringify(this.env)})`
    if (this.isVitest) {
      this.project.write('helpers.js', `${HELPERS}\nexport { ${NAMES} }\n`)
      const source = `import heddle from '@heddle/vitest'\n${env}\nexport default { plugins: [heddle(), ${plugins}], test: { ${config} } }\n`
      this.project.write('vitest.config.mts', source)
    } else {
      this.project.write('helpers.js', `${HELPERS}\nmodule.exports = { ${NAMES} }\n`)
      const source = `const { withHeddle } = require('@heddle/jest')\n${env}\nmodule.exports = withHeddle({ transform: {}, ${config} })\n`
      this.project.write('jest.config.js', source)
    }
  }
}

/** Workers, also where a machine has few processors. */
export function workers({ name, version }: Host, count: number): string[] {
  const least = name === 'vitest' && version.startsWith('3.') ? [`--minWorkers=${count}`] : []
  return [`--maxWorkers=${count}`, ...least]
}

/** Files after one another in the same worker. */
export function oneWorker(host: Host, pool = 'forks'): string[] {
  if (host.name === 'jest') return ['--runInBand']
  const isolate = host.version.startsWith('3.') ? `--poolOptions.${pool}.isolate=false` : '--no-isolate'
  return [`--pool=${pool}`, isolate, ...workers(host, 1)]
}
