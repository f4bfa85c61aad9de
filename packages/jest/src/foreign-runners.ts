import { isHeldBack, type GroupPlan } from '@heddle/core'
import type { FoundTest } from './found-tests.js'

/** Paths of heddle's own modules. */
interface Own {
  readonly runner: string
  readonly testRunner: string
}

/**
 * What groups lose in projects with a runner or test runner of their own, one line each; nothing for projects that need
 * no groups.
 *
 * @param files as they will run
 */
export function describeForeignRunners(files: readonly FoundTest[], plan: GroupPlan, own: Own): string[] {
  const lines = files.flatMap(({ key, test }) => {
    const { runner, testRunner } = test.context.config
    const isLimited = isHeldBack(plan.demandOf(key))
    const hasTestRules = plan.testRules.rules.length > 0
    if (runner !== own.runner && testRunner !== own.testRunner && (isLimited || hasTestRules)) {
      return [`groups are not enforced in files that "${runner}" runs with "${testRunner}": both are not heddle's`]
    }
    if (runner !== own.runner && isLimited) {
      return [`"${runner}" decides when its files start, not heddle: they wait for their groups in the workers`]
    }
    if (testRunner !== own.testRunner && hasTestRules) {
      return [`groups of single tests are not enforced in files that "${testRunner}" runs: it is not heddle's`]
    }
    return []
  })
  return [...new Set(lines)]
}
