import { describe, expect, test } from 'vitest'
import { violationsOf } from './shared-referee.js'
import { SharedScene } from './shared-scene.js'

const RUN = { workers: 8, files: 5, scope: 'run' } as const

describe('something shared by 8 workers with 40 files', { timeout: 60_000 }, () => {
  test.each(['module', 'mixed'] as const)('is made once and destroyed once by the main process: %s', async (kind) => {
    const scene = new SharedScene()
    expect(await scene.play({ ...RUN, kind })).toBe(0)
    const [created, ...others] = scene.of('created')
    expect(others).toEqual([])
    expect(scene.of('destroyed')).toEqual([{ event: 'destroyed', of: created?.of, pid: scene.pidOf(0) }])
    expect(created?.pid === scene.pidOf(0)).toBe(kind === 'module')
    expect(scene.of('used')).toHaveLength(40)
    expect(violationsOf(scene)).toEqual([])
    expect(scene.left).toEqual([])
  })

  test('is made by functions as often as it is destroyed, and never twice at once', async () => {
    const scene = new SharedScene()
    expect(await scene.play({ ...RUN, kind: 'functions' })).toBe(0)
    expect(scene.of('used')).toHaveLength(40)
    const lives = scene.events.flatMap(({ event }) => (/^(?:creates|destroyed)$/.test(event) ? event : []))
    expect(lives).toEqual(lives.map((_, i) => (i % 2 === 0 ? 'creates' : 'destroyed')))
    expect(violationsOf(scene)).toEqual([])
    expect(scene.left).toEqual([])
  })

  test('is made before the first test where it is asked for at the top of a file', async () => {
    const scene = new SharedScene()
    expect(await scene.play({ ...RUN, kind: 'module', isEarly: true })).toBe(0)
    expect(scene.of('created')).toHaveLength(1)
    expect(scene.of('used')).toHaveLength(40)
  })
})

describe('something shared by all runs', { timeout: 60_000 }, () => {
  const MACHINE = { workers: 3, scope: 'machine' } as const

  test.each(['module', 'mixed'] as const)('is destroyed by the last of two runs: %s', async (kind) => {
    const scene = new SharedScene()
    const long = scene.start({ ...MACHINE, kind, files: 9, useMs: 100 })
    await scene.said('uses', 1)
    const short = scene.start({ ...MACHINE, kind, files: 3 })
    expect(await Promise.all([scene.end(short), scene.end(long)])).toEqual([0, 0])
    expect(scene.of('created')).toHaveLength(1)
    expect(scene.of('destroyed')).toHaveLength(1)
    expect(scene.of('destroyed')[0]?.pid).toBe(scene.pidOf(long))
    expect(scene.of('used')).toHaveLength(36)
    expect(violationsOf(scene)).toEqual([])
    expect(scene.left).toEqual([])
  })

  test('lives from the first to the last file of its run, also where no file uses it in between', async () => {
    const scene = new SharedScene()
    expect(await scene.play({ ...MACHINE, kind: 'mixed', workers: 1, files: 4 })).toBe(0)
    expect(scene.of('created')).toHaveLength(1)
  })

  test('by functions is destroyed by the last file', async () => {
    const scene = new SharedScene()
    const runs = [1, 2].map(() => scene.start({ ...MACHINE, kind: 'functions', files: 5 }))
    expect(await Promise.all(runs.map(async (run) => scene.end(run)))).toEqual([0, 0])
    expect(scene.of('destroyed').length).toBe(scene.of('created').length)
    expect(violationsOf(scene)).toEqual([])
    expect(scene.left).toEqual([])
  })
})

describe('something shared that cannot be made', { timeout: 60_000 }, () => {
  test.each(['module', 'functions'] as const)(
    'fails alike for all who waited, and is tried again for the next: %s',
    async (kind) => {
      const scene = new SharedScene()
      const go = `${scene.dir}/go`
      const task = { workers: 6, files: 2, kind, scope: 'run', useMs: 200 } as const
      const run = scene.start(task, { failures: 1, hangsUntil: go })
      await scene.allAsk(6)
      scene.write(go)
      expect(await scene.end(run)).toBe(0)
      const told = scene.of('threw').map(({ of }) => of)
      expect(told).toEqual(Array.from({ length: 6 }, () => 'TypeError|no_luck_1|ENOLUCK|true'))
      expect(scene.of('failed')).toHaveLength(1)
      expect(scene.of('used')).toHaveLength(6)
      expect(violationsOf(scene)).toEqual([])
    },
  )
})
