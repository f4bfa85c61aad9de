import { describe, expect, test } from 'vitest'
import { JEST_HOSTS, VITEST_HOSTS, type Host } from './lib/hosts.js'
import { Project } from './lib/project.js'
import { fileOf, sleeper, SLOWEST_FIRST, warmProject } from './lib/sleepers.js'

/** Setups that people have, beyond the plain one. */

describe.each(VITEST_HOSTS)('Vitest $version', (host) => {
  test('takes a vitest.config.ts in a package that is not an ES module', async () => {
    const project = warmProject(host)
    project.write('vitest.config.ts', project.read('vitest.config.mts'))
    project.remove('vitest.config.mts')
    project.write('package.json', '{ "private": true }')
    const { code, stdout, stderr } = await project.run(['run', '--maxWorkers=1', ...minWorkers(host)])
    expect(code, stdout + stderr).toBe(0)
    expect(project.takeStarts()).toEqual(SLOWEST_FIRST)
  })

  test('loses no file of shards over projects in different pools', async () => {
    const project = Project.create('vitest', host)
    const inline = (name: string, pool: string): string =>
      `{ test: { name: '${name}', root: './${name}', pool: '${pool}' } }`
    project.write(
      'vitest.config.mts',
      `import heddle from '@heddle/vitest'
       export default {
         plugins: [heddle()],
         test: { projects: [${inline('one', 'forks')}, ${inline('two', 'threads')}] },
       }`,
    )
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    for (const [i, name] of names.entries()) {
      const dir = i < 4 ? 'one' : 'two'
      project.write(`${dir}/${name}.test.js`, sleeper(host, name, 10) + '// size\n'.repeat(i * i))
    }

    const shards: string[][] = []
    for (const index of [1, 2]) {
      const { code, stdout, stderr } = await project.run(['run', `--shard=${index}/2`])
      expect(code, stdout + stderr).toBe(0)
      shards.push(project.takeStarts())
    }

    expect(shards.flat().sort()).toEqual(names.map(fileOf))
    const verified = await project.heddle(['plan', 'verify', '.heddle/history'])
    expect(verified.code, verified.stdout + verified.stderr).toBe(0)
  })
})

describe.each(JEST_HOSTS)('Jest $version', (host) => {
  test('works with ts-jest and with @swc/jest', async () => {
    const project = Project.create('jest', host)
    project.write(
      'jest.config.js',
      `const { withHeddle } = require('@heddle/jest')
       const project = (name, transform) => ({ displayName: name, rootDir: '<rootDir>/' + name, transform })
       module.exports = withHeddle({
         projects: [
           project('tsjest', { '^.+\\\\.ts$': ['ts-jest', { diagnostics: false }] }),
           project('swc', { '^.+\\\\.ts$': '@swc/jest' }),
         ],
       })`,
    )
    for (const name of ['tsjest', 'swc']) {
      project.write(`${name}/tsconfig.json`, '{ "compilerOptions": { "module": "commonjs", "target": "es2022" } }')
      project.write(`${name}/${name}.test.ts`, `test('adds', () => { const sum: number = 1 + 1; expect(sum).toBe(2) })`)
    }
    const { code, stdout, stderr } = await project.run(['-i'])
    expect(code, stdout + stderr).toBe(0)
    expect(project.lastRecord().keys).toEqual(['swc/swc.test.ts\tswc', 'tsjest/tsjest.test.ts\ttsjest'])
    expect(project.lastRecord().outcomes).toEqual(['passed', 'passed'])
  })

  test('works with native ES modules', async () => {
    const project = warmProject(host)
    project.write('jest.config.js', `${project.read('jest.config.js')}\nmodule.exports.testMatch = ['**/*.test.mjs']\n`)
    project.write('test/one.test.mjs', `import { test } from '@jest/globals'\ntest('is a module', () => {})\n`)
    const env = { NODE_OPTIONS: '--experimental-vm-modules' }
    const { code, stderr } = await project.run(['-i'], { env })
    expect(code, stderr).toBe(0)
    expect(project.lastRecord().keys).toEqual(['test/one.test.mjs'])
  })
})

function minWorkers(host: Host): string[] {
  return host.version.startsWith('3.') ? ['--minWorkers=1'] : []
}
