import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quantile } from './locks/sections.mjs'
import { createSuite, HOSTS, installHosts } from './lib/hosts.mjs'
import { printTable, timedTarget } from './lib/report.mjs'

const FILES = Number(process.env.BENCH_FILES ?? 20)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)

/** What does nothing, and takes as long as hosts need to find and load any package. */
const EMPTY = 'heddle-empty'
const FORMATS = {
  '@heddle/vitest': {
    file: 'import.test.mjs',
    load: (name) => `await import('${name}')`,
    head: `import { appendFileSync } from 'node:fs'\nimport { test } from 'vitest'\n`,
  },
  '@heddle/jest': {
    file: 'import.test.js',
    load: (name) => `require('${name}')`,
    head: `const { appendFileSync } = require('node:fs')\n`,
  },
}

/**
 * How long test files wait for heddle's package: in the first file of a worker, and in the others. Each file loads an empty package as
 * well, before or after, which tells what the host takes.
 */
export function run() {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-import-'))
  try {
    installHosts(directory)
    installEmpty(directory)
    const rows = HOSTS.flatMap((host) => measureHost(directory, host))
    console.log(`${ROUNDS} runs of ${FILES} files, two workers; ms\n`)
    printTable(
      [
        'host',
        'in a worker',
        'files',
        'heddle, median',
        'p99',
        'empty package, median',
        'difference',
        'processor, difference',
      ],
      rows,
    )
    return rows.map(([host, when, , , , , difference]) =>
      timedTarget(`${host}, ${when} file, ms`, difference, when === 'first' ? 5 : 1),
    )
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function installEmpty(directory) {
  const dir = join(directory, 'node_modules', EMPTY)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, 'package.json'), JSON.stringify({ name: EMPTY, version: '1.0.0', main: 'index.js' }))
  writeFileSync(join(dir, 'index.js'), 'exports.nothing = 0\n')
}

function measureHost(directory, host) {
  const name = host.name.startsWith('jest') ? '@heddle/jest' : '@heddle/vitest'
  const suite = createSuite(directory, host, { count: 0, options: '{ silent: true }' })
  const log = join(suite.directory, 'times.txt')
  const samples = []
  for (let i = 0; i < FILES; i++) writeTest(suite, { name, log, i })
  for (let round = 0; round < ROUNDS; round++) {
    writeFileSync(log, '')
    execFileSync(process.execPath, suite.command, { cwd: suite.directory, stdio: 'ignore' })
    samples.push(...readSamples(log))
  }
  return ['first', 'later'].flatMap((when) => {
    const some = samples.filter((sample) => sample.when === when)
    if (some.length === 0) return []
    const [heddle, empty] = ['heddle', 'empty'].map((kind) => some.map((sample) => sample[kind]))
    const difference = quantile(
      some.map((sample) => sample.heddle - sample.empty),
      0.5,
    )
    const processor = quantile(
      some.map((sample) => sample.heddleCpu - sample.emptyCpu),
      0.5,
    )
    return [
      [
        host.name,
        when,
        some.length,
        quantile(heddle, 0.5),
        quantile(heddle, 0.99),
        quantile(empty, 0.5),
        difference,
        processor,
      ],
    ]
  })
}

/** Every second file loads the empty package first. */
function writeTest(suite, { name, log, i }) {
  const { file, head, load } = FORMATS[name]
  const time = (kind, packageName) => `  const ${kind}At = performance.now()
  const ${kind}Used = process.cpuUsage()
  ${load(packageName)}
  const ${kind}Cpu = process.cpuUsage(${kind}Used)
  times.${kind}Cpu = (${kind}Cpu.user + ${kind}Cpu.system) / 1000
  times.${kind} = performance.now() - ${kind}At\n`
  const both = [time('heddle', name), time('empty', EMPTY)]
  const body = (i % 2 === 0 ? both : both.reverse()).join('')
  const write = `  appendFileSync(${JSON.stringify(log)}, JSON.stringify({ ...times, pid: process.pid }) + '\\n')\n`
  const test = `${head}test('loads', async () => {\n  const times = {}\n${body}${write}})\n`
  writeFileSync(join(suite.directory, 'test', `${i}-${file}`), test)
}

/** Processes log in the order in which their files run. */
function readSamples(log) {
  const seen = new Set()
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  return lines.map((line) => {
    const { pid, ...times } = JSON.parse(line)
    const when = seen.has(pid) ? 'later' : 'first'
    seen.add(pid)
    return { ...times, when }
  })
}
