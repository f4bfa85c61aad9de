import type { TestProject, TestSpecification, Vitest } from 'vitest/node'
import { stageOf, workersOf } from '../host.js'
import { obstacleOf } from './host.js'

/** Which files heddle starts itself, and what Vitest has to be told for that. */
export interface Takeover {
  readonly specifications: readonly TestSpecification[]
  /** Those of them that the dispatcher decides on; the others are alone, so there is nothing to decide. */
  readonly scheduled: ReadonlySet<TestSpecification>
  /** Whose files Vitest is to hand out all at once. */
  readonly projects: readonly TestProject[]
  /** Why others stay with Vitest, for people. */
  readonly obstacles: ReadonlySet<string>
}

interface Stage {
  readonly all: TestSpecification[]
  readonly own: TestSpecification[]
}

/**
 * Plans which files heddle starts. Files of one stage share Vitest's limit: where some of them stay with Vitest, it keeps
 * its limit, and hands the others out one after the other as before.
 *
 * @param env with `HEDDLE_POOL=host`, none
 */
export function planTakeover(
  vitest: Vitest,
  specifications: readonly TestSpecification[],
  env: NodeJS.ProcessEnv,
): Takeover {
  const obstacles = new Set<string>()
  const stages = new Map<number, Stage>()
  for (const one of specifications) {
    const order = stageOf(one)
    const stage = stages.get(order) ?? { all: [], own: [] }
    stages.set(order, stage)
    stage.all.push(one)
    const obstacle = env['HEDDLE_POOL'] === 'host' ? '' : obstacleOf(vitest, one)
    if (obstacle === undefined) stage.own.push(one)
    else if (obstacle !== '') obstacles.add(obstacle)
  }
  const own = [...stages.values()].flatMap((stage) => stage.own)
  const isParallel = ({ project }: TestSpecification): boolean => workersOf(vitest, project) > 1
  const wide = [...stages.values()].filter(
    ({ all, own: ours }) => all.length === ours.length && hasOneWidth(vitest, ours),
  )
  return {
    specifications: own,
    scheduled: new Set(own.filter(isParallel)),
    projects: [...new Set(wide.flatMap((stage) => stage.own.filter(isParallel).map(({ project }) => project)))],
    obstacles,
  }
}

/** Where projects of one stage differ in it, Vitest refuses to run them. */
function hasOneWidth(vitest: Vitest, specifications: readonly TestSpecification[]): boolean {
  return new Set(specifications.map(({ project }) => workersOf(vitest, project))).size === 1
}
