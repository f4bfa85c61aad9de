import { describe, expect, test } from 'vitest'
import { violationsOf } from './shared-referee.js'
import { SharedScene } from './shared-scene.js'

const RUN = { workers: 2, files: 1, scope: 'run' } as const
const QUIET = { workers: 1, files: 0, kind: 'module', scope: 'run' } as const

/** What people were told. */
const linesOf = (scene: SharedScene): string[] => scene.of('printed').map(({ of }) => of)

describe('a worker that is killed', { timeout: 60_000 }, () => {
  test('while it creates lets the next one create', async () => {
    const scene = new SharedScene()
    const go = `${scene.dir}/go`
    const run = scene.start({ ...RUN, kind: 'functions' }, { hangsUntil: go })
    const [creator] = await scene.said('creates')
    await scene.allAsk(2)
    scene.kill(creator?.pid ?? NaN)
    const [, heir] = await scene.said('creates', 2)
    expect(heir?.pid).not.toBe(creator?.pid)
    scene.write(go)
    expect(await scene.end(run)).toBe(0)
    expect(scene.of('used').map(({ pid }) => pid)).toEqual([heir?.pid])
    expect(scene.of('destroyed')).toHaveLength(1)
    expect(violationsOf(scene)).toEqual([])
    expect(scene.left).toEqual([])
  })

  test('after it created leaves it to the main process, if that destroys', async () => {
    const scene = new SharedScene()
    const run = scene.start({ ...RUN, kind: 'mixed', useMs: 1000 })
    const [created] = await scene.said('created')
    await scene.said('uses', 2)
    scene.kill(created?.pid ?? NaN)
    expect(await scene.end(run)).toBe(0)
    expect(scene.of('destroyed')).toEqual([{ event: 'destroyed', of: created?.of, pid: scene.pidOf(run) }])
    expect(violationsOf(scene)).toEqual([])
  })

  test('after it created leaves it to the next file that uses it', async () => {
    const scene = new SharedScene()
    const run = scene.start({ ...RUN, kind: 'functions', useMs: 1000 })
    const [created] = await scene.said('created')
    const uses = await scene.said('uses', 2)
    scene.kill(created?.pid ?? NaN)
    expect(await scene.end(run)).toBe(0)
    const heir = uses.find(({ pid }) => pid !== created?.pid)
    expect(scene.of('destroyed')).toEqual([{ event: 'destroyed', of: created?.of, pid: heir?.pid }])
    expect(linesOf(scene)).toEqual([])
  })

  test('is told of where it was the last that could destroy', async () => {
    const scene = new SharedScene()
    const run = scene.start({ ...RUN, workers: 1, kind: 'functions', useMs: 10_000 })
    const [user] = await scene.said('uses')
    scene.kill(user?.pid ?? NaN)
    expect(await scene.end(run)).toBe(0)
    expect(linesOf(scene)).toEqual([
      expect.stringMatching(/^shared\("thing"\) was not destroyed: its destroy is a function/),
    ])
    expect(scene.left).toEqual([])
  })
})

describe('a main process that is killed', { timeout: 60_000 }, () => {
  test('while it creates lets nobody wait for ever', async () => {
    const scene = new SharedScene()
    const run = scene.start({ ...RUN, kind: 'module' }, { hangsUntil: `${scene.dir}/never` })
    await scene.said('creates')
    await scene.allAsk(2)
    scene.kill(scene.pidOf(run))
    await scene.end(run)
    const reason = expect.stringContaining(
      'HEDDLE_FIXTURE_FAILED:_Cannot_share_"thing":_the_main_process_of_the_run_has_gone',
    ) as string
    expect(scene.of('threw').map(({ of }) => of)).toEqual([reason, reason])
  })

  test.each(['module', 'mixed'] as const)('leaves what it shared to the next run: %s', async (kind) => {
    const scene = new SharedScene()
    const run = scene.start({ ...RUN, kind, useMs: 500 })
    const [created] = await scene.said('created')
    await scene.said('uses', 2)
    scene.kill(scene.pidOf(run))
    await scene.end(run)
    expect(scene.of('destroys')).toEqual([])
    expect(await scene.play(QUIET)).toBe(0)
    expect(scene.of('destroyed')).toEqual([{ event: 'destroyed', of: created?.of, pid: scene.pidOf(1) }])
    expect(violationsOf(scene)).toEqual([])
    expect(scene.left).toEqual([])
  })

  test('leaves what all runs share to the next run', async () => {
    const scene = new SharedScene()
    const run = scene.start({ ...RUN, kind: 'module', scope: 'machine', useMs: 500 })
    const [created] = await scene.said('created')
    await scene.said('uses', 2)
    scene.kill(scene.pidOf(run))
    await scene.end(run)
    expect(await scene.play(QUIET)).toBe(0)
    expect(scene.of('destroyed')).toEqual([{ event: 'destroyed', of: created?.of, pid: scene.pidOf(1) }])
    expect(scene.left).toEqual([])
  })

  test('leaves what all runs share to another one that uses it', async () => {
    const scene = new SharedScene()
    const task = { ...RUN, kind: 'module', scope: 'machine' } as const
    const doomed = scene.start({ ...task, useMs: 10_000 })
    const other = scene.start({ ...task, useMs: 2000 })
    await scene.said('uses', 4)
    for (const pid of [scene.pidOf(doomed), ...scene.workersOf(doomed)]) scene.kill(pid)
    expect(await scene.end(other)).toBe(0)
    expect(scene.of('created')).toHaveLength(1)
    expect(scene.of('destroyed').map(({ pid }) => pid)).toEqual([scene.pidOf(other)])
  })

  test('by Ctrl-C destroys first', async () => {
    const scene = new SharedScene()
    const run = scene.start({ ...RUN, kind: 'module', useMs: 20_000 })
    await scene.said('uses', 2)
    expect(await scene.interrupt(run)).toBe('SIGINT')
    expect(scene.of('destroyed').map(({ pid }) => pid)).toEqual([scene.pidOf(run)])
    expect(scene.left).toEqual([])
  })
})
