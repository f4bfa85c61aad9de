import { join } from 'node:path'
import { HeddleError, printToStderr, resolveHeddleOptions, type HeddleOptions } from '@heddle/core'
import type { Config } from 'jest'
import { OPTIONS_GLOBAL } from './inline-options.js'
import { processState } from './process-state.js'

/** See index.ts, which loads this module when it is called. */
export function withHeddle<C extends Config>(config: () => C | Promise<C>, options?: HeddleOptions): () => Promise<C>
export function withHeddle<C extends Config>(config: C, options?: HeddleOptions): C
export function withHeddle(
  config: Config | (() => Config | Promise<Config>),
  options: HeddleOptions = {},
): Config | (() => Promise<Config>) {
  resolveHeddleOptions(options, 'withHeddle(…, { … }) in the Jest config')
  refuseResources(options)
  return typeof config === 'function' ? async () => addHeddle(await config(), options) : addHeddle(config, options)
}

/** What Jest hands to its sequencer and to its workers is JSON. */
function refuseResources({ resources = {} }: HeddleOptions): void {
  const names = Object.keys(resources)
  if (names.length === 0) return
  throw new HeddleError('HEDDLE_OPTIONS_INVALID', {
    problem: `Cannot use resources of withHeddle(…, { resources: { ${names.join(', ')} } }): the config of Jest carries no functions`,
    fix: 'put them into heddle.config.ts beside the package.json: `export default { resources: { … } }`.',
  })
}

function addHeddle(config: Config, options: HeddleOptions): Config {
  const { testSequencer, projects } = config
  if (projects !== undefined) processState().rootOptions = options
  if (isCustom(testSequencer)) {
    printToStderr(`the config has its own testSequencer "${testSequencer}", heddle stands aside`)
    return config
  }
  return { ...carryOptions(config, options), testSequencer: join(__dirname, 'sequencer.js') }
}

/** Jest's own by name or path, or heddle's, also of another copy. */
const REPLACEABLE = /(?:^|[\\/])@(?:jest[\\/]test-sequencer|heddle[\\/]jest[\\/](?:dist[\\/])?sequencer)\b/

function isCustom(testSequencer: string | undefined): testSequencer is string {
  return (
    testSequencer !== undefined && testSequencer !== join(__dirname, 'sequencer.js') && !REPLACEABLE.test(testSequencer)
  )
}

/** Tests can see globals, so there are none unless there is something to carry. */
function carryOptions(config: Config, options: HeddleOptions): Config {
  if (Object.keys(options).length === 0) return config
  const globals = globalsWith(config.globals, options)
  if (config.projects === undefined) return { ...config, globals }
  const projects = config.projects.map((project) =>
    typeof project === 'string' ? project : { ...project, globals: globalsWith(project.globals, options) },
  )
  return { ...config, globals, projects }
}

/** Jest 29 and 30 type globals differently. */
function globalsWith(globals: unknown, options: HeddleOptions): Record<string, unknown> {
  return { ...(globals as Record<string, unknown> | undefined), [OPTIONS_GLOBAL]: options }
}
