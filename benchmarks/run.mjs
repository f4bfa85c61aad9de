// node benchmarks/run.mjs [name…] [--check]     see README.md
import { printTargets } from './lib/report.mjs'

const DEFAULTS = ['makespan', 'shards', 'convergence', 'groups-sim', 'scale', 'locks', 'fixtures']
/** They need servers, or run real hosts for minutes and install them first, so only when asked for. */
const ON_REQUEST = ['overhead', 'groups', 'fixtures-import', 'db', 'db-suite']

const names = process.argv.slice(2).filter((argument) => argument !== '--check')
const unknown = names.filter((name) => ![...DEFAULTS, ...ON_REQUEST].includes(name))
if (unknown.length > 0) {
  console.error(`Cannot run benchmark "${unknown.join('", "')}": there are ${[...DEFAULTS, ...ON_REQUEST].join(', ')}`)
  process.exit(2)
}

let areAllMet = true
for (const name of names.length > 0 ? names : DEFAULTS) {
  console.log(`# ${name}\n`)
  const { run } = await import(`./${name}.mjs`)
  const targets = await run()
  printTargets(targets)
  areAllMet &&= targets.every(({ isMet, isTimed }) => isMet || isTimed)
}
if (!areAllMet && process.argv.includes('--check')) process.exit(1)
