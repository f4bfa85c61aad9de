import { describe, expect, test } from 'vitest'
import { DATABASE_HOSTS, databaseProject, MAIN_HOSTS, ownEnv, passTests } from './lib/database-project.js'
import { EMBEDDED, MYSQL, PGLITE, PGLITE_SERVER, POSTGRES, REDIS, SQLITE, type Engine } from './lib/engines.js'
import type { Host } from './lib/hosts.js'
import type { Project } from './lib/project.js'

const TESTS_PER_FILE = 3

/** What `heddle db status --json` tells. */
interface Row {
  /** Null for what others have made on the same server. */
  readonly resource: string | null
  readonly kind: string
  readonly name: string
  readonly state: string
}

async function statusOf(project: Project): Promise<Row[]> {
  const { code, stdout, stderr } = await project.heddle(['db', 'status', '--json'], { env: ownEnv(project) })
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Row[]
}

/** Nothing is left but what is kept for the next run on purpose. */
async function expectNothingLeft(project: Project): Promise<void> {
  const own = (await statusOf(project)).filter(({ resource }) => resource !== null)
  const left = own.filter(({ kind }) => !['server', 'template', 'slot'].includes(kind))
  expect(left).toEqual([])
}

function hostFor(host: Host, { needsNewerNode = false }: Engine): Host {
  return needsNewerNode ? { ...host, needsNewerNode } : host
}

const ENGINES = [POSTGRES, EMBEDDED, PGLITE_SERVER, PGLITE, MYSQL, SQLITE, REDIS]

/** The others take a PostgreSQL's place in WebAssembly, eight of which are too much for a small machine. */
const IN_CROWDS = [POSTGRES, EMBEDDED, MYSQL, SQLITE, REDIS]

describe.each(IN_CROWDS)('8 workers and 40 files with a clean $name for every test', (engine) => {
  test.for(MAIN_HOSTS)('$name $version', async (host) => {
    const project = databaseProject(hostFor(host, engine), engine, { files: 40 })
    await passTests(project, 8, 40 * TESTS_PER_FILE)
    await expectNothingLeft(project)
  })
})

describe.each(ENGINES)('$name is clean for every test', (engine) => {
  const hosts = DATABASE_HOSTS.filter((host) => !IN_CROWDS.includes(engine) || !MAIN_HOSTS.includes(host))
  test.for(hosts)('$name $version', async (host) => {
    const project = databaseProject(hostFor(host, engine), engine, { files: 4 })
    await passTests(project, 2, 4 * TESTS_PER_FILE)
    await expectNothingLeft(project)
  })
})
