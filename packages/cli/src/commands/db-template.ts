import { HeddleError } from '@heddle/core'
import { askEach } from '../ask-resources.js'
import { openResources } from '../open-resources.js'
import { oneLine } from '../print/words.js'
import type { Terminal } from '../terminal.js'

export interface TemplateOptions {
  readonly resource?: string
}

/**
 * `heddle db template --rebuild`
 *
 * @throws HeddleError `HEDDLE_USAGE` if none of the resources has a template
 */
export async function rebuildTemplates({ resource }: TemplateOptions, terminal: Terminal): Promise<number> {
  const all = await openResources(terminal, resource)
  const resources = all.filter(({ admin }) => admin?.rebuild !== undefined)
  if (resources.length === 0) throw noTemplate(resource)
  const { answers, exitCode } = await askEach(
    resources,
    (admin, surroundings) => admin.rebuild?.(surroundings),
    terminal,
  )
  for (const { resource: one, answer } of answers) terminal.stdout.write(`${one.name}: made ${oneLine(answer)} anew\n`)
  return exitCode
}

function noTemplate(resource: string | undefined): HeddleError {
  const who = resource === undefined ? 'no resource of heddle.config' : `"${resource}"`
  return new HeddleError('HEDDLE_USAGE', {
    problem: `Cannot make templates anew: ${who} has ${resource === undefined ? 'one' : 'none'}`,
    fix: 'name a database in heddle.config: `resources: { main: postgres({ … }) }`.',
  })
}
