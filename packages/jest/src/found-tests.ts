import { compareKeys, jobKey, toPortablePath, type FoundFile } from '@heddle/core'
import type { HostTest } from './host-types.js'

/** A file as core knows it, and as Jest does. */
export interface FoundTest extends FoundFile {
  readonly test: HostTest
}

/** Jest runs the files of one runner after those of another, so runners are stages. */
export function foundTests(workspace: string, tests: readonly HostTest[]): FoundTest[] {
  // Jest finds the files of its projects in any order.
  const runners = [...new Set(tests.map(runnerOf))].sort(compareKeys)
  return tests.map((test) => ({
    key: keyOf(workspace, test),
    ...(runners.length > 1 ? { stage: runners.indexOf(runnerOf(test)) } : {}),
    test,
  }))
}

/** What another process can be told of a file. */
export function withoutTest({ key, stage }: FoundTest): FoundFile {
  return stage === undefined ? { key } : { key, stage }
}

export function keyOf(workspace: string, { context, path }: HostTest): string {
  return jobKey(context.config.displayName?.name ?? '', toPortablePath(workspace, path))
}

function runnerOf({ context }: HostTest): string {
  return context.config.runner
}
