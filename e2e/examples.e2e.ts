import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { DATABASE_HOSTS, MAIN_HOSTS, ownEnv } from './lib/database-project.js'
import { POSTGRES_URL } from './lib/engines.js'
import { JEST_HOSTS, VITEST_HOSTS, type Host } from './lib/hosts.js'
import { Project } from './lib/project.js'
import { removeOwnDatabases } from './lib/remove-own-databases.js'

const HOSTS: readonly Host[] = [...VITEST_HOSTS, ...JEST_HOSTS]

test.each(HOSTS)('the tests of examples/$name-serial take turns: $name $version', async (host) => {
  const project = Project.create(`examples/${host.name}-serial`, host)
  const env = { HEDDLE_LOCK_DIR: `${project.dir}/locks` }
  const args = host.name === 'vitest' ? ['run', '--maxWorkers=3'] : ['--maxWorkers=3']
  // Two at once: whatever is lost between reading and writing the ledger, the tests would find out.
  const runs = await Promise.all([project.run(args, { env }), project.run(args, { env })])
  expect(runs.map(({ code, stdout, stderr }) => (code === 0 ? 0 : stdout + stderr))).toEqual([0, 0])
  expect(JSON.parse(project.read('ledger.json'))).toBe(2 * (100 + 10 + 20 + 30 + 5 - 40 - 10 - 15))
})

test.each(HOSTS)('the files of examples/$name-groups keep their limits: $name $version', async (host) => {
  const project = Project.create(`examples/${host.name}-groups`, host)
  const env = { HEDDLE_LOCK_DIR: `${project.dir}/locks` }
  const width = ['--maxWorkers=4', ...(host.version.startsWith('3.') ? ['--minWorkers=4'] : [])]
  const { code, stdout, stderr } = await project.run([...(host.name === 'vitest' ? ['run'] : []), ...width], { env })
  expect(code, stdout + stderr).toBe(0)

  const shown = await project.heddle(['groups', '--json'], { env })
  expect(shown.code, shown.stderr).toBe(0)
  const { groups, ungrouped, warnings } = JSON.parse(shown.stdout) as {
    readonly groups: readonly {
      readonly name: string
      readonly files: readonly { readonly file: string; readonly mode: string }[]
      readonly testRules: readonly string[]
    }[]
    readonly ungrouped: readonly { readonly file: string; readonly weight: number; readonly priority: number }[]
    readonly warnings: readonly string[]
  }
  const ofName = (name: string) => groups.find((group) => group.name === name)
  expect(
    ofName('postgres')
      ?.files.map(({ mode }) => mode)
      .sort(),
  ).toEqual(['exclusive', 'shared', 'shared', 'shared'])
  expect(ofName('third-party-api')?.testRules).toHaveLength(1)
  expect(ungrouped.map(({ file, weight, priority }) => `${file} ${weight} ${priority}`).sort()).toEqual([
    expect.stringMatching(/report\.test\.[jt]s 2 0$/),
    expect.stringMatching(/smoke\.test\.[jt]s 1 100$/),
  ])
  expect(warnings).toEqual([])
})

test.each(HOSTS)('the tests of examples/$name-fixtures share nothing but a database: $name $version', async (host) => {
  const project = Project.create(`examples/${host.name}-fixtures`, host)
  const tmp = mkdtempSync(join(realpathSync(tmpdir()), 'h-'))
  onTestFinished(() => rmSync(tmp, { recursive: true, force: true }))
  const env = { HEDDLE_LOCK_DIR: `${project.dir}/locks`, TMPDIR: tmp, TEMP: tmp, TMP: tmp }
  // They start servers and connect to them, on a machine that may be busy.
  const args = [...(host.name === 'vitest' ? ['run'] : []), '--maxWorkers=3', '--testTimeout=60000']
  // Two at once: nothing of one is in the way of the other.
  const runs = await Promise.all([project.run(args, { env }), project.run(args, { env })])
  for (const { code, stdout, stderr } of runs) {
    const output = stdout + stderr
    expect(code, output).toBe(0)
    expect(output.match(/database started/g), output).toHaveLength(1)
    expect(output.match(/database stopped/g), output).toHaveLength(1)
    expect(output).toMatch(/^\s*\[slot [1-3] · returns\.test\.[jt]s\] returns: using table h\w+_orders$/m)
  }
  expect(entriesOf(tmp).filter((name) => name.startsWith('r-'))).toEqual([])
})

test.each(DATABASE_HOSTS)('examples/$name-postgres needs no server: $name $version', async (host) => {
  const project = Project.create(`examples/${host.name}-postgres`, host)
  await passShop(project, {})
})

test.each(MAIN_HOSTS)('examples/$name-postgres takes the server that there is: $name $version', async (host) => {
  const project = Project.create(`examples/${host.name}-postgres`, host)
  const env = { TEST_DATABASE_URL: POSTGRES_URL }
  await passShop(project, env)
  await removeOwnDatabases(project, { ...ownEnv(project), ...env })
})

async function passShop(project: Project, env: Readonly<Record<string, string>>): Promise<void> {
  const tmp = mkdtempSync(join(realpathSync(tmpdir()), 'h-'))
  onTestFinished(() => rmSync(tmp, { recursive: true, force: true }))
  const args = [...(project.host.name === 'vitest' ? ['run'] : []), '--maxWorkers=3', '--testTimeout=60000']
  const { code, stdout, stderr } = await project.run(args, { env: { ...ownEnv(project), TMPDIR: tmp, ...env } })
  const output = stdout + stderr
  expect(code, output).toBe(0)
  expect(output).toMatch(/Tests:? +9 passed/)
}

test.each(VITEST_HOSTS)('examples/vitest-own-resource has a bucket for each worker: $name $version', async (host) => {
  const project = Project.create('examples/vitest-own-resource', host)
  const { code, stdout, stderr } = await project.run(['run', '--maxWorkers=3'], { env: ownEnv(project) })
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/Tests +4 passed/)
  expect(stderr).not.toContain('Buckets are left')
})

/** What is in the directories of heddle in `tmp`. */
function entriesOf(tmp: string): string[] {
  const dirs = readdirSync(tmp).filter((name) => name.startsWith('heddle-'))
  return dirs.flatMap((name) => readdirSync(join(tmp, name)))
}
