import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['core', 'vitest', 'jest']

const VITEST_TEST = `import { expect, test } from 'vitest'\ntest('adds', () => expect(1 + 1).toBe(2))\n`
const JEST_TEST = `test('adds', () => expect(1 + 1).toBe(2))\n`
const JEST_CONFIG = `{ transform: {}, maxWorkers: 2, cacheDirectory: '<rootDir>/.cache' }`

/** Two workers each, so that no machine with two processors or more is asked for too much. */
export const HOSTS = [
  vitestHost('vitest 4.1.12, isolate', true),
  vitestHost('vitest 4.1.12, no isolate', false),
  {
    name: 'jest 30.5.2',
    script: 'node_modules/jest/bin/jest.js',
    args: [],
    test: ['adds.test.js', JEST_TEST],
    config: (options) => [
      'jest.config.cjs',
      options === undefined
        ? `module.exports = ${JEST_CONFIG}\n`
        : `const { withHeddle } = require('@heddle/jest')\nmodule.exports = withHeddle(${JEST_CONFIG}, ${options})\n`,
    ],
  },
]

function vitestHost(name, isolate) {
  return {
    name,
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run'],
    test: ['adds.test.mjs', VITEST_TEST],
    config: (options) => [
      'vitest.config.mjs',
      [
        ...(options === undefined ? [] : [`import heddle from '@heddle/vitest'`]),
        `export default {${options === undefined ? '' : ` plugins: [heddle(${options})],`} test: { isolate: ${isolate}, maxWorkers: 2 } }\n`,
      ].join('\n'),
    ],
  }
}

/** Installs the hosts, and heddle as users get it: from tarballs. */
export function installHosts(directory) {
  const tarballs = packPackages(directory)
  writeFileSync(join(directory, 'package.json'), '{ "private": true }')
  npm(directory, ['install', '--no-audit', '--no-fund', ...tarballs, 'vitest@4.1.12', 'jest@30.5.2'])
}

/** Packs what users get. @returns the tarballs */
export function packPackages(directory, packages = PACKAGES) {
  const sources = packages.map((name) => join(REPOSITORY, 'packages', name))
  npm(directory, ['pack', ...sources, '--pack-destination', directory])
  const names = readdirSync(directory).filter((name) => name.endsWith('.tgz'))
  return names.map((name) => join(directory, name))
}

function npm(cwd, args) {
  execFileSync('npm', args, { cwd, stdio: 'ignore' })
}

/** A suite of `count` trivial files in a directory of its own below `directory`; without `options` heddle is not in it. */
export function createSuite(directory, host, { count, options }) {
  const name = `${host.name.replaceAll(/[ ,.]+/g, '-')}-${count}-${options === undefined ? 'stock' : 'heddle'}`
  const suite = join(directory, name)
  const [testName, test] = host.test
  mkdirSync(join(suite, 'test'), { recursive: true })
  writeFileSync(join(suite, 'package.json'), `{ "name": "${name}", "private": true }`)
  const [configName, config] = host.config(options)
  writeFileSync(join(suite, configName), config)
  for (let i = 0; i < count; i++) writeFileSync(join(suite, 'test', `${i}-${testName}`), test)
  return { directory: suite, command: [join(directory, host.script), ...host.args] }
}

/** Fills a history up to the number of runs it keeps, so that every run reads and prunes as much as it ever will. */
export function fillHistory({ directory }, runs) {
  const history = join(directory, '.heddle', 'history')
  const [name] = readdirSync(history)
  const text = readFileSync(join(history, name), 'utf8')
  for (let i = 1; i < runs; i++)
    writeFileSync(join(history, `20000101T0000${String(i).padStart(2, '0')}000Z-copy.jsonl`), text)
}
