import { expect, test } from 'vitest'
import { JEST_HOSTS, VITEST_HOSTS, type Host } from './lib/hosts.js'
import { Project } from './lib/project.js'

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
