import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  fixturesProject,
  leftBehind,
  oneWorker,
  pass,
  run,
  told,
  untilTold,
  workers,
  writeTests,
} from './lib/fixtures-vitest-project.js'
import { VITEST_HOSTS } from './lib/hosts.js'
import type { Project } from './lib/project.js'

/** Created and destroyed by the main process. */
const MODULE = `
import { appendFileSync } from 'node:fs'
const tell = (line: string) => appendFileSync(process.env.FIXTURES_LOG ?? '', line + '\\n')
export async function create({ key, tempDir }: { key: string; tempDir: () => Promise<string> }) {
  tell('create ' + process.pid)
  await new Promise((resolve) => setTimeout(resolve, Number(process.env.CREATE_MS ?? 0)))
  return { key, dir: await tempDir(), pid: process.pid }
}
export async function destroy({ pid }: { pid: number }) {
  tell('destroy ' + (pid === process.pid ? 'here' : 'elsewhere'))
}
`

const USES = `
const made = shared('database', { create: './database.ts' })
test('uses it', async () => {
  expect(has((await made).dir)).toBe(true)
  tell('use')
})
`

/** Created by the worker that asks first, destroyed by the last file. */
const FUNCTIONS = `
const made = shared('token', {
  create: async () => { tell('create'); if (told().filter((line) => line === 'create').length === 1) await sleep(1500); return { token: process.pid } },
  destroy: async ({ token }) => { tell('destroy ' + token) },
})
test('uses it', async () => { expect((await made).token).toBeTypeOf('number'); tell('use'); await sleep(200) })
`

/** The pid of Vitest, once a test in a process has told it. */
async function mainOf(project: Project): Promise<number> {
  for (let i = 0; i < 1500; i++) {
    const line = told(project).find((one) => one.startsWith('main '))
    if (line !== undefined) return Number(line.slice('main '.length))
    await setTimeout(20)
  }
  throw new Error('no test has begun')
}

async function untilGone(pid: number): Promise<void> {
  for (let i = 0; isThere(pid); i++) {
    if (i > 1500) throw new Error(`${pid} does not end`)
    await setTimeout(20)
  }
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function files(count: number, text: string): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`file-${i}`, text]))
}

describe.each(VITEST_HOSTS)('runs with fixtures in Vitest $version', (host) => {
  const isThree = host.version.startsWith('3.')

  test('of what a module creates, 40 files in 8 workers share one', async () => {
    const project = sharing(files(40, USES))
    await pass(project, ...workers(host, 8), '--pool=threads')
    const lines = told(project)
    expect(lines.filter((line) => line === 'use')).toHaveLength(40)
    expect(lines[0]).toMatch(/^create /)
    expect(lines.at(-1)).toBe('destroy here')
    expect(lines).toHaveLength(42)
    expect(leftBehind(project)).toEqual([])
  }, 300_000)

  test('what a function creates is there once at a time, and is destroyed by the last file', async () => {
    const project = fixturesProject(host, files(6, FUNCTIONS))
    await pass(project, ...workers(host, 3))
    expect(told(project).filter((line) => line === 'use')).toHaveLength(6)
    let alive = 0
    for (const line of told(project).filter((one) => one !== 'use')) {
      alive += line === 'create' ? 1 : -1
      expect([0, 1]).toContain(alive)
    }
    expect(alive).toBe(0)
    expect(leftBehind(project)).toEqual([])
  })

  test('what is asked for at the top of a file counts in no time-out', async () => {
    const project = sharing({ slow: USES }, 'testTimeout: 500, hookTimeout: 500')
    project.write('setup.js', '')
    const { stdout, stderr } = await project.run(['run'], {
      env: { CREATE_MS: '1500', HEDDLE_LOCK_DIR: `${project.dir}/locks` },
    })
    expect(stdout + stderr).toMatch(/Tests +1 passed/)
    expect(told(project).at(-1)).toBe('destroy here')
  })

  // A worker that dies ends the whole run of Vitest 3.
  test.runIf(!isThree)('who is killed while it creates is followed by somebody else', async () => {
    const dies = `const made = shared('token', { create: async () => { tell('create'); if (told().length === 1) process.kill(process.pid, 'SIGKILL'); return 1 }, destroy: () => tell('destroy') })
      test('uses it', async () => { expect(await made).toBe(1); tell('use') })`
    const project = fixturesProject(host, files(3, dies))
    expect((await run(project, ...workers(host, 2))).code).toBe(1)
    const lines = told(project)
    expect(lines.filter((line) => line === 'use')).toHaveLength(2)
    const [first, second] = lines
    expect([first, second]).toEqual(['create', 'create'])
    expect(lines.filter((line) => line === 'create').length).toBe(lines.filter((line) => line === 'destroy').length + 1)
    expect(leftBehind(project)).toEqual([])
  })

  test('a rerun in watch mode creates anew, and leaves nothing either', async () => {
    const project = sharing({ a: USES })
    const watching = project.watch(['--watch', ...workers(host, 1)])
    await watching.until(/Waiting for file changes/)
    await untilTold(project, 'destroy here')
    const first = told(project)
    writeTests(project, 'a', `${USES}\ntest('again', async () => { tell('again ' + has(await tempDir())) })`)
    await untilTold(project, 'again true')
    await watching.until(/Waiting for file changes/)
    for (let i = 0; told(project).filter((line) => line === 'destroy here').length < 2; i++) {
      if (i > 500) throw new Error('nobody has destroyed it')
      await setTimeout(20)
    }
    expect(first).toEqual([expect.stringMatching(/^create/), 'use', 'destroy here'])
    expect(leftBehind(project)).toEqual([])
  })

  // Without a terminal, Vitest exits at once of a signal as well.
  test.each(['SIGKILL', 'SIGTERM'] as const)('what a run has left that got %s is swept by the next', async (signal) => {
    const waits = `const dir = await tempDir()\ntest('waits', async () => { await made; await tempDir(); await socketPath(); tell('worker ' + process.pid); tell('main ' + process.ppid); await sleep(60000) }, 60000)`
    const project = sharing({ a: USES + waits })
    project.watch(['run', '--pool=forks', ...workers(host, 1)])
    const main = await mainOf(project)
    process.kill(main, signal)
    await untilGone(main)
    const worker = Number(
      told(project)
        .find((one) => one.startsWith('worker '))
        ?.slice('worker '.length),
    )
    if (isThere(worker)) process.kill(worker, 'SIGKILL')
    await untilGone(worker)
    if (signal === 'SIGKILL') expect(leftBehind(project)).not.toEqual([])
    expect(told(project).filter((line) => line.startsWith('destroy'))).toEqual([])
    writeTests(project, 'a', `test('other', async () => { await tempDir(); await sleep(1000) })`)
    await pass(project, ...oneWorker(host))
    expect(told(project).filter((line) => line.startsWith('destroy'))).toEqual(['destroy elsewhere'])
    expect(leftBehind(project)).toEqual([])
  })

  function sharing(tests: Record<string, string>, config = ''): Project {
    const project = fixturesProject(host, tests, { config })
    project.write('database.ts', MODULE)
    return project
  }
})
