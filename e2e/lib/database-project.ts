import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { DRIVERS, type Engine } from './engines.js'
import { JEST_HOSTS, NEWER_NODE, VITEST_HOSTS, type Host } from './hosts.js'
import { Project, type HostRun } from './project.js'

/** How a project is set up. */
export interface DatabaseSetup {
  readonly files?: number
  /** Options of the resource beside those of the engine, source text. */
  readonly options?: string
}

/** Every host with drivers installed; SQLite is part of Node from the one on that Vitest 5 needs. */
export const DATABASE_HOSTS: readonly Host[] = [...VITEST_HOSTS, ...JEST_HOSTS].map((host) => ({
  ...host,
  variant: 'db',
  install: [...new Set([...host.install, ...DRIVERS, NEWER_NODE])],
}))

/** The newest majors that this machine's own Node runs. */
export const MAIN_HOSTS = DATABASE_HOSTS.filter(({ version }) => /^(?:4\.1|30)\./.test(version))

/**
 * A project, gone with all that it keeps on servers when the test has ended, whose only tests use a database through `src/store.js`, which knows nothing but `process.env`. Every test expects
 * nothing but the seed, writes, commits, and expects nothing but what it has written.
 */
export function databaseProject(host: Host, engine: Engine, { files = 3, options = '' }: DatabaseSetup = {}): Project {
  const project = emptyProject(host)
  onTestFinished(async () => void (await project.heddle(['clean', '--all', '--yes'], { env: ownEnv(project) })))
  for (const [file, text] of Object.entries(engine.files)) project.write(file, text)
  project.write('heddle.config.mjs', configOf(engine, options))
  project.write('src/store.js', engine.store(isEsm(host)))
  for (let i = 1; i <= files; i++) project.write(`test/shop-${i}.test.js`, testFile(host, engine, i))
  return project
}

/** A project of the host with heddle and no tests. */
export function emptyProject(host: Host): Project {
  const project = Project.create(host.name, host)
  for (const file of readdirSync(join(project.dir, 'test'))) project.remove(join('test', file))
  for (const file of readdirSync(project.dir)) if (file.startsWith('heddle.config')) project.remove(file)
  project.write('package.json', JSON.stringify({ private: true, type: isEsm(host) ? 'module' : 'commonjs' }))
  if (isEsm(host)) {
    const config = `import heddle from '@heddle/vitest'\nexport default { plugins: [heddle()] }\n`
    project.write('vitest.config.mts', config)
  } else {
    const config = `const { withHeddle } = require('@heddle/jest')\nmodule.exports = withHeddle({ transform: {} })\n`
    project.write('jest.config.js', config)
  }
  mkdirSync(join(project.dir, 'tmp'))
  return project
}

/** Locks, temporary directories and caches of the project's own. */
export function ownEnv(project: Project): Record<string, string> {
  return {
    HEDDLE_LOCK_DIR: join(project.dir, 'locks'),
    TMPDIR: join(project.dir, 'tmp'),
    HEDDLE_CACHE_DIR: join(project.dir, 'cache'),
  }
}

/** Runs all tests with so many workers. */
export function runTests(
  project: Project,
  workers: number,
  env: Readonly<Record<string, string>> = {},
): Promise<HostRun> {
  const { host } = project
  const isThree = host.name === 'vitest' && host.version.startsWith('3.')
  const width = [`--maxWorkers=${workers}`, ...(isThree ? [`--minWorkers=${workers}`] : [])]
  const args = host.name === 'vitest' ? ['run', ...width] : width
  return project.run(args, { env: { ...ownEnv(project), ...env } })
}

/** Runs all tests and expects that so many pass and none fails. */
export async function passTests(project: Project, workers: number, count: number): Promise<HostRun> {
  const run = await runTests(project, workers)
  const output = run.stdout + run.stderr
  expect(run.code, output).toBe(0)
  expect(output).toMatch(new RegExp(`Tests:?\\s+${count} passed`))
  return run
}

/** What a test file begins with. @param packages imported under these names */
export function testImports(host: Host, packages: Readonly<Record<string, string>> = {}): string {
  const others = Object.entries(packages)
  return isEsm(host)
    ? `import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resource } from '@heddle/vitest'
${others.map(([name, from]) => `import ${name} from '${from}'\n`).join('')}`
    : `const { resource } = require('@heddle/jest')
${others.map(([name, from]) => `const ${name} = require('${from}')\n`).join('')}`
}

function isEsm({ name }: Host): boolean {
  return name === 'vitest'
}

function configOf({ entry, call, options }: Engine, more: string): string {
  return `import { ${call} } from '@heddle/db/${entry}'
export default { resources: { main: ${call}({ ${[options, more].filter(Boolean).join(', ')} }) } }
`
}

/** Three tests that would see each other's rows if anything were left. */
function testFile(host: Host, { usesHandle }: Engine, number: number): string {
  const imports = isEsm(host)
    ? `import { afterAll, expect, test } from 'vitest'
${usesHandle ? "import { resource } from '@heddle/vitest'\n" : ''}import * as store from '../src/store.js'
`
    : `${usesHandle ? "const { resource } = require('@heddle/jest')\n" : ''}const store = require('../src/store.js')
`
  const at = usesHandle ? 'main()' : 'undefined'
  return `${imports}
${usesHandle ? "const main = resource('main')\n" : ''}afterAll(() => store.close())

for (const n of [1, 2, 3]) {
  test('sells ' + n, async () => {
    expect(await store.read(${at})).toEqual({ orders: [], price: 10 })
    for (const item of ['pen', 'ink']) {
      const id = await store.order(${at}, '${number}-' + n + '-' + item)
      expect(id).toBe(item === 'pen' ? 1 : 2)
    }
    await store.setPrice(${at}, ${number})
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await store.read(${at})).toEqual({ orders: ['${number}-' + n + '-pen', '${number}-' + n + '-ink'], price: ${number} })
  })
}
`
}
