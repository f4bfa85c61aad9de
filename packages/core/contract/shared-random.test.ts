import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { chance } from './lease-random.cjs'
import { violationsOf } from './shared-referee.js'
import { SharedScene, type SharedTask } from './shared-scene.js'

const KILLS = 50
const KILLS_PER_RUN = 5

const TASKS: readonly SharedTask[] = [
  { kind: 'module', scope: 'run', workers: 4, files: 12 },
  { kind: 'mixed', scope: 'run', workers: 4, files: 12 },
  { kind: 'functions', scope: 'run', workers: 4, files: 12 },
  { kind: 'module', scope: 'machine', workers: 4, files: 12 },
]

/** Kills somebody of the run now and then, the main process or a worker. */
async function killSome(scene: SharedScene, run: number, random: () => number): Promise<void> {
  for (let i = 0; i < KILLS_PER_RUN; i++) {
    await delay(random() * 250)
    const isMain = random() < 0.15
    const living = (isMain ? [scene.pidOf(run)] : scene.workersOf(run)).filter((pid) => scene.isLiving(pid))
    const victim = living[Math.floor(random() * living.length)]
    if (victim !== undefined) scene.tryKill(victim)
  }
}

test(`what is shared survives ${KILLS} kills at random moments`, { timeout: 180_000 }, async () => {
  const seed = Number(process.env['HEDDLE_SEED'] ?? Date.now() % 1e6)
  const random = chance(seed)
  for (let round = 0, kills = 0; kills < KILLS; round++) {
    const scene = new SharedScene()
    const task = TASKS[round % TASKS.length]
    if (task === undefined) throw new Error('There are no tasks')
    const runs = [1, 2].map(() => scene.start(task, { createMs: 10 + random() * 60 }))
    await scene.said('uses')
    await Promise.all(runs.map(async (run) => killSome(scene, run, random)))
    await Promise.all(runs.map(async (run) => scene.end(run)))
    await scene.play({ ...task, files: 0 })
    kills += scene.kills
    expect({ seed, round, task, events: violationsOf(scene) }).toEqual({ seed, round, task, events: [] })
    expect({ seed, round, left: scene.left }).toEqual({ seed, round, left: [] })
  }
})
