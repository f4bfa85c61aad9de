import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '@heddle/core'
import { createSuite, fillHistory, HOSTS, installHosts } from './lib/hosts.mjs'
import { measureProcess } from './lib/measure-process.mjs'
import { printTable, target } from './lib/report.mjs'

const FILES = Number(process.env.BENCH_FILES ?? 300)
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 6)
/** A run of one file is short and its cost small, so it is measured more often. */
const ROUNDS_OF_ONE = 3 * ROUNDS
/** A part of a host's name. */
const ONLY = process.env.BENCH_HOST ?? ''
/** With groups, a third of the files is in one of two. */
const OPTIONS = process.env.BENCH_GROUPS
  ? `{ groups: { a: {}, b: { limit: 2 } }, rules: [{ files: 'test/*0-*', group: 'a' }, { files: 'test/*{1,2}-*', group: 'b' }] }`
  : '{}'
/** The default of `history.runs`. */
const KEPT_RUNS = 20

/** What heddle costs a suite of trivial files, from runs of the stock host and of the host with heddle in turn. */
export function run() {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-overhead-'))
  try {
    installHosts(directory)
    return HOSTS.filter(({ name }) => name.includes(ONLY)).flatMap((host) => compare(directory, host))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function compare(directory, host) {
  const one = compareSuite(directory, host, { count: 1, rounds: ROUNDS_OF_ONE })
  const many = compareSuite(directory, host, { count: FILES, rounds: ROUNDS })
  const perFile = (a, b) => (median(b) - median(a)) / (FILES - 1)
  console.log(
    `${host.name}: heddle minus stock, and stock minus stock (the noise); median [quartiles], ms, ${ROUNDS_OF_ONE} and ${ROUNDS} rounds\n`,
  )
  printTable(
    ['files', 'stock', 'heddle - stock', 'stock - stock'],
    [one, many].flatMap(({ count, stock, cost, noise }) => [
      [`${count}, processor`, describe(stock.cpu), describe(cost.cpu), describe(noise.cpu)],
      [`${count}, main process`, describe(stock.main), describe(cost.main), describe(noise.main)],
      [`${count}, wall`, describe(stock.wall), describe(cost.wall), describe(noise.wall)],
      [`${count}, main process, KB`, describe(stock.memory), describe(cost.memory), describe(noise.memory)],
    ]),
  )
  return [
    target(`${host.name}: processor per run, ms`, median(one.cost.cpu), 50),
    target(`${host.name}: processor per file, ms`, perFile(one.cost.cpu, many.cost.cpu), 1),
    target(`${host.name}: main process per file, ms`, perFile(one.cost.main, many.cost.main), 1),
    target(`${host.name}: memory of the main process per file, KB`, perFile(one.cost.memory, many.cost.memory), 50),
  ]
}

/** Every round runs stock, heddle and stock once more, each time beginning with another one. */
function compareSuite(directory, host, { count, rounds }) {
  const stock = createSuite(directory, host, { count })
  const heddle = createSuite(directory, host, { count, options: OPTIONS })
  const measure = ({ directory: cwd, command }) => measureProcess(cwd, command)
  for (const suite of [stock, heddle]) measure(suite)
  fillHistory(heddle, KEPT_RUNS)
  const triples = Array.from({ length: rounds }, (_, round) => {
    const triple = []
    for (const i of [0, 1, 2].map((place) => (place + round) % 3)) triple[i] = measure([stock, heddle, stock][i])
    return triple
  })
  const each = (combine) => ({
    cpu: triples.map((triple) => combine(triple.map(({ cpu }) => cpu))),
    main: triples.map((triple) => combine(triple.map(({ main }) => main))),
    wall: triples.map((triple) => combine(triple.map(({ wall }) => wall))),
    memory: triples.map((triple) => combine(triple.map(({ memory }) => memory))),
  })
  return {
    count,
    stock: each(([a, , b]) => (a + b) / 2),
    cost: each(([a, withHeddle, b]) => withHeddle - (a + b) / 2),
    noise: each(([a, , b]) => b - a),
  }
}

function describe(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const quartile = (share) => Math.round(sorted[Math.round((sorted.length - 1) * share)])
  return `${Math.round(median(values))} [${quartile(0.25)} … ${quartile(0.75)}]`
}
