import type { TestSpecification } from 'vitest/node'

/** A test file as one of its projects runs it. */
export type FileOfProject = Pick<TestSpecification, 'project' | 'moduleId'>

/** Unique in a run, but for type tests of a file that has others as well. */
export function idOf({ project, moduleId }: FileOfProject): string {
  return `${moduleId}\t${project.name}`
}
