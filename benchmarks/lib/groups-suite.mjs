import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRunRecord, PLATFORM, writeRecord } from '@heddle/core'

/** The files of the case: six in a group of which one may run, six that are free. Seconds; sums chosen so that neither waits. */
export const CASES = {
  vitest: { group: [2.4, 1.8, 1.4, 1.2, 1.0, 0.6], free: [6.0, 5.4, 4.8, 3.6, 3.0, 2.4], optimumMs: 8400 },
  jest: { group: [0.8, 0.8, 1.2, 1.2, 1.6, 1.6], free: [4.0, 3.2, 2.4, 2.0, 1.6, 1.2], optimumMs: 7200 },
}

/** A suite of sleepers in a directory of its own, in which one host and heddle are installed. */
export function createGroupsSuite(directory, host) {
  const suite = join(directory, 'suite')
  const { group, free } = CASES[host.name]
  const durations = new Map([...entries('g', group), ...entries('f', free)])
  const write = (name, text) => {
    mkdirSync(join(suite, name, '..'), { recursive: true })
    writeFileSync(join(suite, name), text)
  }
  mkdirSync(join(suite, '.git'), { recursive: true }) // A workspace of its own, whatever surrounds it.
  write('package.json', '{ "private": true, "type": "commonjs" }')
  for (const [name, ms] of durations) write(fileOf(host, name), testFile(host, name, ms))
  write('gate.mjs', gate('import', host))
  write('gate.cjs', gate('require', host))
  return { host, directory, suite, durations, write }
}

/** Gives the suite a whole run of the past; `undefined`: none. */
export function setHistory({ host, suite }, durations) {
  rmSync(join(suite, '.heddle'), { recursive: true, force: true })
  if (durations === undefined) return
  const header = {
    runId: 'past',
    isPipeline: false,
    startedAt: Date.now() - 86_400_000,
    host: host.name,
    hostVersion: host.version,
    root: '',
    platform: PLATFORM,
    nodeMajor: 20,
    workers: 4,
    cpus: 4,
    isCold: false,
  }
  const files = Array.from(durations, ([name, durationMs]) => ({
    key: fileOf(host, name),
    durationMs,
    waitMs: 0,
    tests: 1,
    retries: 0,
    outcome: 'passed',
    isPartial: false,
    load: 0,
  }))
  writeRecord(join(suite, '.heddle', 'history'), createRunRecord(header, files))
}

/** Runs the host once for each of `runs`, one after the other, and tells what its test files told. */
export function runSuite({ host, directory, suite }, config, runs = [[]]) {
  const events = join(suite, 'events')
  rmSync(events, { recursive: true, force: true })
  rmSync(join(suite, 'gate.lock'), { recursive: true, force: true })
  for (const name of readdirSync(suite).filter((one) => /^(?:vitest|jest)\.config\./.test(one)))
    rmSync(join(suite, name))
  writeFileSync(join(suite, config.name), config.text)
  const node = host.needsNewerNode ? join(directory, 'node_modules/node/bin/node') : process.execPath
  for (const args of runs) {
    const command = [join(directory, host.script), ...host.args, ...args]
    const { status, stdout, stderr } = spawnSync(node, command, {
      cwd: suite,
      encoding: 'utf8',
      env: { ...withoutHostVariables(process.env), EVENTS: events, HEDDLE_LOCK_DIR: join(suite, 'locks') },
    })
    if (status !== 0) throw new Error(`${command.join(' ')} failed:\n${stdout}${stderr}`)
  }
  return summarise(readEvents(events))
}

/** From the first begin to the last end, and how many of the group were in flight at the same time. */
function summarise(spans) {
  const grouped = spans.filter(({ name }) => name.startsWith('g'))
  const inFlight = (at) => grouped.filter(({ from, to }) => from <= at && at < to).length
  return {
    files: spans.length,
    makespanMs: Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from)),
    peak: Math.max(0, ...grouped.map(({ from }) => inFlight(from))),
  }
}

function readEvents(dir) {
  if (!existsSync(dir)) return []
  return readdirSync(dir).map((name) => JSON.parse(readFileSync(join(dir, name), 'utf8')))
}

function entries(letter, seconds) {
  return seconds.map((s, i) => [`${letter}${i + 1}`, s * 1000])
}

function fileOf({ name: host }, name) {
  return `test/${name}.test.${host === 'vitest' ? 'mjs' : 'cjs'}`
}

/** All of one size, so that without a history nothing is known. */
function testFile({ name: host }, name, ms) {
  const load = (names, from) =>
    host === 'vitest' ? `import { ${names} } from '${from}'` : `const { ${names} } = require('${from}')`
  return [
    ...(host === 'vitest' ? [load('test', 'vitest')] : []),
    load('mkdirSync, writeFileSync', 'node:fs'),
    load('setTimeout', 'node:timers/promises'),
    `const now = () => performance.timeOrigin + performance.now()`,
    `test('sleeps', async () => {`,
    `  const from = now()`,
    `  await setTimeout(${String(ms).padStart(6)})`,
    `  mkdirSync(process.env.EVENTS, { recursive: true })`,
    `  writeFileSync(process.env.EVENTS + '/${name}.json', JSON.stringify({ name: '${name}', from, to: now() }))`,
    `}, 60_000)`,
    '',
  ].join('\n')
}

/** The lock that people write: a directory, tried again and again, around the files of the group. */
function gate(style, { name: host }) {
  const load = (names, from) =>
    style === 'import' ? `import { ${names} } from '${from}'` : `const { ${names} } = require('${from}')`
  return [
    load('mkdirSync, rmdirSync', 'node:fs'),
    load('setTimeout', 'node:timers/promises'),
    ...(host === 'vitest' && style === 'import' ? [load('afterAll, beforeAll, expect', 'vitest')] : []),
    `const isGrouped = () => /\\/g\\d\\.test/.test(expect.getState().testPath)`,
    `beforeAll(async () => {`,
    `  while (isGrouped()) {`,
    `    try { mkdirSync('gate.lock'); return } catch { await setTimeout(10) }`,
    `  }`,
    `}, 600_000)`,
    `afterAll(() => { if (isGrouped()) rmdirSync('gate.lock') })`,
    '',
  ].join('\n')
}

/** The host that is measured must not take itself for a worker of another one. */
function withoutHostVariables(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:VITEST|JEST|HEDDLE|NODE_ENV|CI$|npm_)/.test(name)),
  )
}
