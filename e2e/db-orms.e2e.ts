import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { ownEnv } from './lib/database-project.js'
import { POSTGRES_URL } from './lib/engines.js'
import { VITEST_HOSTS, type Host } from './lib/hosts.js'
import { Project } from './lib/project.js'
import { removeOwnDatabases } from './lib/remove-own-databases.js'

const ORMS = [
  '@prisma/adapter-pg@7.10.1',
  '@prisma/client@7.10.0',
  'drizzle-orm@0.45.4',
  'knex@3.3.0',
  'kysely@0.29.9',
  'pg@8.23.1',
  'postgres@3.4.9',
  'prisma@7.10.0',
  'typeorm@1.1.1',
]

const TESTS_PER_ORM = 4
const NAMES = ['drizzle', 'knex', 'kysely', 'postgres', 'prisma', 'typeorm']

const hosts: readonly Host[] = VITEST_HOSTS.filter(({ version }) => version.startsWith('4.1.')).map((host) => ({
  ...host,
  variant: 'orms',
  install: [...host.install, ...ORMS],
}))

/** More packages than others have to install. */
const PATIENCE = { timeout: 400_000 }

test.each(hosts)('examples/orms: each migrates and finds a clean database: $name $version', PATIENCE, async (host) => {
  const project = Project.create('examples/orms', host)
  generatePrismaClient(project)
  const env = { ...ownEnv(project), TEST_DATABASE_URL: POSTGRES_URL }
  const run = () => project.run(['run', '--maxWorkers=2', '--reporter=verbose'], { env })
  // The second time with the templates of the first.
  for (const { code, stdout, stderr } of [await run(), await run()]) {
    const output = stdout + stderr
    expect(code, output).toBe(0)
    expect(output).toMatch(new RegExp(`Tests +${NAMES.length * TESTS_PER_ORM} passed`))
    for (const name of NAMES) expect(output).toContain(`✓ test/${name}.test.ts > a transaction commits all or nothing`)
  }
  await removeOwnDatabases(project, env)
})

/**
 * Prisma's command line downloads an engine first, from a server of its own, even where it does not need one. To generate a
 * client it does not: any program will do.
 */
function generatePrismaClient({ dir }: Project): void {
  const engine = join(dir, 'no-engine')
  writeFileSync(engine, '#!/bin/sh\n', { mode: 0o755 })
  const cli = join(dirname(dir), 'node_modules/prisma/build/index.js')
  const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: engine, CHECKPOINT_DISABLE: '1' }
  execFileSync(process.execPath, [cli, 'generate'], { cwd: dir, env, stdio: 'pipe' })
}
