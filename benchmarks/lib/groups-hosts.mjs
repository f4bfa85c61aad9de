const NEWER_NODE = 'node@24.21.0'
const WORKERS = 4

/** The hosts, and how each is told what; Vitest without isolation, because a process per file is not what is compared. */
export const GROUP_HOSTS = [vitest('3.2.7'), vitest('4.1.12'), vitest('5.1.1', true), jest('29.7.0'), jest('30.5.2')]

function vitest(version, needsNewerNode = false) {
  const isThree = version.startsWith('3.')
  const config = (text, imports = '') => ({ name: 'vitest.config.mjs', text: `${imports}export default ${text}\n` })
  const withHeddle = (options, test) =>
    config(`{ plugins: [heddle(${options})], test: { ${test} } }`, `import heddle from '@heddle/vitest'\n`)
  const isolate = (is) =>
    `pool: 'forks', ${isThree ? `poolOptions: { forks: { isolate: ${is} } }, minWorkers: ${WORKERS}` : `isolate: ${is}`}, maxWorkers: ${WORKERS}`
  const serial = isThree
    ? `poolOptions: { forks: { isolate: false, singleFork: true } }`
    : `isolate: false, maxWorkers: 1`
  return {
    name: 'vitest',
    version,
    install: [`vitest@${version}`, ...(needsNewerNode ? [NEWER_NODE] : [])],
    needsNewerNode,
    script: 'node_modules/vitest/vitest.mjs',
    args: ['run'],
    isSchedulerOurs: !isThree,
    heddle: (options) => withHeddle(options, isolate(false)),
    heddleIsolated: (options) => withHeddle(options, isolate(true)),
    gate: () => withHeddle('{}', `${isolate(false)}, setupFiles: ['./gate.mjs']`),
    /** The group as a project of its own, and which runs that takes. */
    own: {
      how: 'a project with one worker and a groupOrder of its own',
      runs: [[]],
      config: config(
        `{ test: { ${isolate(false)}, projects: [
          { test: { name: 'serial', include: ['test/g*'], pool: 'forks', ${serial}, sequence: { groupOrder: 1 } } },
          { test: { name: 'free', include: ['test/f*'], ${isolate(false)}, sequence: { groupOrder: 2 } } },
        ] } }`,
      ),
    },
    alone: { runs: [['test/g']], config: config(`{ test: { pool: 'forks', ${serial} } }`) },
  }
}

function jest(version) {
  const base = `transform: {}, testMatch: ['**/*.test.cjs'], maxWorkers: ${WORKERS}, cacheDirectory: '<rootDir>/.cache'`
  const config = (text) => ({ name: 'jest.config.cjs', text: `module.exports = { ${text} }\n` })
  const withHeddle = (options, text) => ({
    name: 'jest.config.cjs',
    text: `const { withHeddle } = require('@heddle/jest')\nmodule.exports = withHeddle({ ${text} }, ${options})\n`,
  })
  return {
    name: 'jest',
    version,
    install: [`jest@${version}`],
    needsNewerNode: false,
    script: 'node_modules/jest/bin/jest.js',
    args: [],
    isSchedulerOurs: true,
    heddle: (options) => withHeddle(options, base),
    gate: () => withHeddle('{}', `${base}, setupFilesAfterEnv: ['<rootDir>/gate.cjs']`),
    own: {
      how: 'the group with --runInBand, then the rest (with the start of a second Jest)',
      runs: [['-i', 'test/g'], ['test/f']],
      config: config(base),
    },
    alone: { runs: [['-i', 'test/g']], config: config(base) },
  }
}
