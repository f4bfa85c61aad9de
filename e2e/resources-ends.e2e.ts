import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { JEST_HOSTS, VITEST_HOSTS } from './lib/hosts.js'
import { ResourcesProject, workers } from './lib/resources-project.js'

const STAYS = `test('stays', async () => { put('x'); tell('main ' + process.ppid); await sleep(30_000) }, 40_000)`

/** The pid of the host, once a test has told it. */
async function mainOf(project: ResourcesProject): Promise<number> {
  for (let i = 0; i < 1500; i++) {
    const line = project.told().find((one) => one.startsWith('main '))
    if (line !== undefined) return Number(line.slice('main '.length))
    await setTimeout(20)
  }
  throw new Error('no test has begun')
}

describe.each([...VITEST_HOSTS, ...JEST_HOSTS])('the end of resources in $name $version', (host) => {
  const pool = host.name === 'vitest' ? ['--pool=forks'] : []

  test('comes before the host dies of Ctrl-C', async () => {
    const project = new ResourcesProject(host, { a: STAYS, b: STAYS })
    const running = project.run(...workers(host, 2), ...pool)
    const main = await mainOf(project)
    process.kill(-main, 'SIGINT')
    const { code } = await running
    expect(code).not.toBe(0)
    const told = project.told()
    expect(project.count('create data worker')).toBeGreaterThan(0)
    expect(project.count('destroy data worker true'), told.join('\n')).toBe(project.count('create data worker'))
  })

  test('comes also where the first failure ends the run', async () => {
    const project = new ResourcesProject(host, {
      a: `test('fails', () => { throw new Error('as it should') })`,
      b: `test('b', () => undefined)`,
    })
    const { code } = await project.run('--bail=1', ...workers(host, 1))
    expect(code).toBe(1)
    expect(project.count('create data worker')).toBe(1)
    expect(project.count('destroy data worker true')).toBe(1)
    expect(project.leftOnDisk()).toEqual([])
  })
})
