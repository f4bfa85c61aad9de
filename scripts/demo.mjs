// Runs an example with the packed packages, outside the workspace, as a user would: `npm run demo [-- vitest|jest]`.
// Shows what heddle did, and fails if the second run did not start the slowest file first.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import './ensure-installed.mjs'

const HOSTS = ['vitest', 'jest']
const host = process.argv[2] ?? 'vitest'
if (!HOSTS.includes(host)) {
  console.error(`Cannot run the demo with "${host}": the hosts are ${HOSTS.join(' and ')}\nFix: npm run demo -- jest`)
  process.exit(2)
}

const root = resolve(import.meta.dirname, '..')
const dir = mkdtempSync(join(tmpdir(), 'heddle-demo-'))
const shell = process.platform === 'win32'
process.on('exit', () => rmSync(dir, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))

step('Building heddle')
execFileSync('npm', ['run', 'build', '--silent'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
  shell,
})

step(`Installing examples/${host}-basic with the packed packages in ${dir}`)
cpSync(join(root, 'examples', `${host}-basic`), dir, { recursive: true })
mkdirSync(join(dir, '.git')) // Its own workspace, whatever surrounds the temporary directory.
const folders = ['core', host, 'cli'].map((name) => join(root, 'packages', name))
execFileSync('npm', ['pack', '--silent', '--pack-destination', dir, ...folders], { cwd: root, stdio: 'ignore', shell })
const tarballs = readdirSync(dir).filter((name) => name.endsWith('.tgz'))
execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', ...tarballs.map((name) => `./${name}`)], {
  cwd: dir,
  stdio: ['ignore', 'ignore', 'inherit'],
  shell,
})

const first = run(`First run: nothing is known yet, so ${host === 'jest' ? 'Jest' : 'Vitest'} starts large files first`)
const second = run('Second run: the slowest file first')

step('What heddle knows (npx heddle history)')
spawnSync(process.execPath, [join(dir, 'node_modules', 'heddle', 'dist', 'bin.js'), 'history'], {
  cwd: dir,
  stdio: 'inherit',
})

const saved = first.makespanMs - second.makespanMs
console.log(
  `\nFirst run ${seconds(first.makespanMs)}, second run ${seconds(second.makespanMs)}: ${seconds(saved)} less.`,
)
console.log('The longest file takes 2.6 s; nothing can be faster than that.')
if (!second.plan[0]?.startsWith('test/year-end')) {
  console.error(`The second run did not plan the slowest file first: ${second.plan.join(', ')}`)
  process.exit(1)
}

function run(title) {
  step(title)
  const startedAt = performance.now()
  const { status } = spawnSync('npm', ['test', '--silent'], {
    cwd: dir,
    stdio: 'inherit',
    shell,
    env: { ...process.env, CI: '' },
  })
  if (status !== 0) process.exit(status ?? 1)
  return { makespanMs: performance.now() - startedAt, plan: readPlan() }
}

/** The order the next run will take, from the durations of the newest record. */
function readPlan() {
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
