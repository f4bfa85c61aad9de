import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { JEST_HOSTS, VITEST_HOSTS } from './lib/hosts.js'
import { ResourcesProject, workers } from './lib/resources-project.js'

const STAYS = `test('stays', async () => { put('x'); tell('main ' + process.ppid); await sleep(30_000) }, 40_000)`

/** What Vitest does at Ctrl-C in a terminal, once two tests run. */
const CANCELS = `{
  name: 'cancels',
  async configureVitest({ vitest }) {
    const { readFileSync } = await import('node:fs')
    const timer = setInterval(() => {
      if (readFileSync(process.env.RESOURCES_LOG, 'utf8').split('main ').length < 3) return
      clearInterval(timer)
      vitest.cancelCurrentRun('keyboard-input')
    }, 50)
  },
}`

/** The pid of the host, once two tests have told it. */
async function mainOf(project: ResourcesProject): Promise<number> {
  for (let i = 0; i < 1500; i++) {
    const lines = project.told().filter((one) => one.startsWith('main '))
    if (lines.length === 2) return Number(lines[0]?.slice('main '.length))
    await setTimeout(20)
  }
  throw new Error('no test has begun')
}

function expectAllDestroyed(project: ResourcesProject, count: number): void {
  const told = project.told().join('\n')
  expect(project.count('create data worker'), told).toBe(count)
  expect(project.count('destroy data worker true'), told).toBe(count)
}

describe.each(JEST_HOSTS)('the end of resources in Jest $version', (host) => {
  test('comes before Jest dies of Ctrl-C', async () => {
    const project = new ResourcesProject(host, { a: STAYS, b: STAYS })
    const running = project.run(...workers(host, 2))
    process.kill(-(await mainOf(project)), 'SIGINT')
    expect((await running).code).not.toBe(0)
    expectAllDestroyed(project, 2)
  })
})

describe.each(VITEST_HOSTS)('the end of resources in Vitest $version', (host) => {
  // Without a terminal Vitest leaves at a signal within a millisecond.
  test('comes when Ctrl-C cancels a run', async () => {
    const project = new ResourcesProject(
      host,
      { a: STAYS.replaceAll('0_000', '_000'), b: STAYS.replaceAll('0_000', '_000') },
      { plugins: CANCELS },
    )
    await project.run(...workers(host, 2), '--pool=forks')
    expectAllDestroyed(project, 2)
    expect(project.leftOnDisk()).toEqual([])
  })
})

describe.each([...VITEST_HOSTS, ...JEST_HOSTS])('the end of resources in $name $version', (host) => {
  test('comes also where the first failure ends the run', async () => {
    const project = new ResourcesProject(host, {
      a: `test('fails', () => { throw new Error('as it should') })`,
      b: `test('b', () => undefined)`,
    })
    const { code } = await project.run('--bail=1', ...workers(host, 1))
    expect(code).toBe(1)
    expectAllDestroyed(project, 1)
    expect(project.leftOnDisk()).toEqual([])
  })
})
