import type { Host } from './hosts.js'
import { Project } from './project.js'

/** The test files of e2e/projects/vitest and e2e/projects/jest and what they sleep, ms. */
const DURATIONS = { a: 240, b: 800, c: 40, d: 550, e: 380, f: 130 } as const

/** Those files in the order in which they are to start. */
export const SLOWEST_FIRST = ['b', 'd', 'e', 'a', 'f', 'c'].map(fileOf)

export function fileOf(name: string): string {
  return `${name}.test.js`
}

/** A test file in a directory beside `test/` that sleeps and writes when it began and ended. */
export function sleeper({ name: host }: Host, name: string, ms: number): string {
  const imports =
    host === 'vitest'
      ? `import { test } from 'vitest'\nimport { sleepObserved } from '../test/sleep.js'`
      : `const { sleepObserved } = require('../test/sleep.js')`
  return `${imports}\ntest('sleeps', () => sleepObserved('${fileOf(name)}', ${ms}))\n`
}

/** A project of six files that a whole run has measured. */
export function warmProject(host: Host): Project {
  const project = Project.create(host.name, host)
  const measured = Object.entries(DURATIONS).map(([name, ms]) => [`test/${fileOf(name)}`, ms + 200])
  project.writeHistory(Object.fromEntries(measured) as Record<string, number>)
  return project
}
