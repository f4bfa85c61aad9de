import type { TestProject, TestSpecification } from 'vitest/node'
import { stageOf, workersOf } from '../host.js'
import { obstacleOf } from './host.js'

/** Which files heddle starts itself, and what Vitest has to be told for that. */
export interface Takeover {
  readonly specifications: readonly TestSpecification[]
  /** Whose files Vitest is to hand out all at once. */
  readonly projects: readonly TestProject[]
  /** Why others stay with Vitest. */
  readonly obstacles: ReadonlySet<string>
}

interface Stage {
  readonly all: TestSpecification[]
  readonly own: TestSpecification[]
}

/**
 * Plans which files heddle starts. Files of one stage share Vitest's limit: where some of them stay with Vitest, it keeps
 * its limit, and hands the others out one after the other as before. With one worker there is nothing to decide.
 */
export function planTakeover(specifications: readonly TestSpecification[]): Takeover {
  const obstacles = new Set<string>()
  const stages = new Map<number, Stage>()
  for (const one of specifications) {
    if (one.pool === 'typescript') continue
    const order = stageOf(one)
    const stage = stages.get(order) ?? { all: [], own: [] }
    stages.set(order, stage)
    stage.all.push(one)
    const obstacle = obstacleOf(one)
    if (obstacle !== undefined) obstacles.add(obstacle)
    else if (workersOf(one.project.vitest, one.project) > 1) stage.own.push(one)
  }
  const uniform = [...stages.values()].filter(({ all, own }) => all.length === own.length && hasOneWidth(own))
  return {
    specifications: [...stages.values()].flatMap(({ own }) => own),
    projects: [...new Set(uniform.flatMap(({ own }) => own.map(({ project }) => project)))],
    obstacles,
  }
}

/** Where projects of one stage differ in it, Vitest refuses to run them. */
function hasOneWidth(specifications: readonly TestSpecification[]): boolean {
  return new Set(specifications.map(({ project }) => workersOf(project.vitest, project))).size === 1
}
