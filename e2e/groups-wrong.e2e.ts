import { describe, expect, test } from 'vitest'
import { GroupsProject } from './lib/groups-project.js'
import { JEST_HOSTS, VITEST_HOSTS, type Host } from './lib/hosts.js'
import type { HostRun } from './lib/project.js'

/** What a user is told whose groups or rules cannot be meant so. */

const HOSTS: readonly Host[] = [...VITEST_HOSTS, ...JEST_HOSTS]
const FILES = { a: { ms: 1 } }

describe.each(HOSTS)('$name $version', (host) => {
  const inline =
    host.name === 'vitest' ? 'heddle({ … }) in the Vitest config' : 'withHeddle(…, { … }) in the Jest config'
  const run = async (options: string, files: Parameters<GroupsProject['add']>[1] = {}): Promise<HostRun> => {
    const project = new GroupsProject(host, { options, files: { ...FILES, b: { ms: 1, ...files } } })
    return project.run(1)
  }

  test('every wrong option is named at once', async () => {
    const { code, stdout, stderr } = await run(`{
      groups: { db: { limt: 2 }, 'my-db': {}, my_db: { limit: 0 }, 'a b': {}, far: { scope: 'planet' } },
      rules: [
        { file: 'test/**', group: 'db' },
        { files: 'test/**' },
        { files: 'test/**', weight: 0, priority: 101, platform: 'windows' },
        { tests: '(', group: [{ name: 'db', mode: 'exclusiv' }] },
      ],
    }`)
    expect(code).not.toBe(0)
    const output = stdout + stderr
    expect(output).toContain(`HEDDLE_OPTIONS_INVALID: Cannot use ${inline}: `)
    for (const flaw of [
      'unknown option "groups.db.limt", did you mean "groups.db.limit"?',
      'the groups "my-db" and "my_db" would have one variable for their slots, HEDDLE_GROUP_SLOT_MY_DB',
      '"groups.my_db.limit" must be a whole number of at least 1, or Infinity, got 0',
      'a group cannot have the name "a b": names have no spaces',
      '"groups.far.scope" must be ("run" | "workspace" | "machine"), got "planet"',
      'unknown option "rules[0].file", did you mean "rules[0].files"?',
      '"rules[0]" matches nothing: it needs one of ',
      '"rules[1]" sets nothing: it needs one of group, weight, priority',
      `"rules[2].weight" must be a whole number of at least 1, or 'all', got 0`,
      '"rules[2].priority" must be a whole number from -100 to 100, got 101',
      '"rules[2].platform" must be a value of process.platform, got "windows", did you mean "win32"?',
      '"rules[3].tests" ',
      '"rules[3].group[0].mode" must be ("shared" | "exclusive"), got "exclusiv"',
    ]) {
      expect(output).toContain(flaw)
    }
  })

  test('a rule or file in an unknown group', async () => {
    const inRule = await run(`{ groups: { postgres: {} }, rules: [{ files: 'test/a*', group: 'postgress' }] }`)
    expect(inRule.code).not.toBe(0)
    expect(inRule.stdout + inRule.stderr).toContain(
      'HEDDLE_GROUP_UNKNOWN: Cannot put rules[0] into group "postgress": the groups are "postgres"',
    )
    expect(inRule.stdout + inRule.stderr).toContain('Fix: did you mean "postgres"?')

    const options = `{ groups: { postgres: {} } }`
    const inFile = await run(options, { head: `group('postgress')` })
    expect(inFile.code).not.toBe(0)
    expect(inFile.stdout + inFile.stderr).toMatch(
      /HEDDLE_GROUP_UNKNOWN: Cannot put test\/b\.test\.js \(line \d+\) into group "postgress": the groups are "postgres"/,
    )
  })

  test('a call for a group that cannot be read from the source', async () => {
    const { code, stdout, stderr } = await run(`{ groups: { postgres: {} } }`, {
      head: `const name = 'postgres'; group(name)`,
    })
    expect(code).not.toBe(0)
    expect(stdout + stderr).toContain('HEDDLE_GROUP_UNREAD')
    expect(stdout + stderr).toContain('line of its own')
  })

  test('globs that match nothing and groups that nobody uses are warnings, once', async () => {
    const project = new GroupsProject(host, {
      options: `{ groups: { used: {}, unused: {} }, rules: [{ files: ['test/a*', 'tests/**'], group: 'used' }] }`,
      files: FILES,
    })
    const { stderr } = await project.pass(1)
    const warnings = ['No test file matches "tests/**" of rules[0]', 'No rule and no test file uses the group "unused"']
    for (const warning of warnings) expect(stderr.split(warning), stderr).toHaveLength(2)

    const shown = await project.project.heddle(['groups'], { env: project.env })
    expect(shown.code, shown.stderr).toBe(0)
    expect(shown.stdout).toMatch(/^"unused", limit 1, scope run: nobody uses it$/m)
    for (const warning of warnings) expect(shown.stderr).toContain(`heddle: ${warning}`)
  })
})
