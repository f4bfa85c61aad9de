import { isAbsolute } from 'node:path'
import { RESOURCE, type PerTest, type ResourceDefinition } from '../resources/resource.js'
import { describeUnknownKeys } from '../unknown-keys.js'
import { isObject } from './object-schema.js'

/** What tests find under a name already: of Vitest, and of heddle. */
const TAKEN: ReadonlySet<string> = new Set([
  'task',
  'expect',
  'signal',
  'skip',
  'annotate',
  'annotations',
  'meta',
  'onTestFailed',
  'onTestFinished',
  'use',
  'bench',
  'slot',
  'runId',
  'workerId',
  'namespace',
  'tempDir',
  'port',
  'ports',
  'portBlock',
  'isPortFree',
  'listen',
  'socketPath',
  'env',
  'shared',
  'logger',
  'createLogger',
  'resource',
])
const PER_TEST: readonly PerTest[] = ['reset', 'clone', 'rollback', 'file', 'none']

type Key = keyof ResourceDefinition<unknown>

const FUNCTIONS = ['start', 'create', 'value', 'env', 'reset', 'afterTest', 'destroy', 'stop'] as const satisfies Key[]
const OTHERS = ['kind', 'files', 'perTest', 'calls', 'worker', 'admin'] as const satisfies Key[]
const CALL_OF_ADMIN = ['status', 'clean', 'rebuild', 'hold']

/** What is wrong with `resources`: with their names, and with what they are. */
export function describeResourceFlaws(resources: unknown): string[] {
  if (!isObject(resources)) return []
  return Object.entries(resources).flatMap(([name, resource]) => [
    ...describeName(name),
    ...describeResource(resource, `resources.${name}`),
  ])
}

/** They become names of fixtures. */
function describeName(name: string): string[] {
  if (TAKEN.has(name) || Object.hasOwn(Object.prototype, name))
    return [`a resource cannot have the name "${name}", which tests know as something else`]
  return /^[A-Za-z_$][\w$]*$/.test(name)
    ? []
    : [
        `a resource cannot have the name "${name}": tests use it like a variable, so it has letters, digits, _ and $ only`,
      ]
}

function describeResource(resource: unknown, path: string): string[] {
  const definition: unknown = isObject(resource) ? (resource as { [RESOURCE]?: unknown })[RESOURCE] : undefined
  return isObject(definition)
    ? describeDefinition(definition, path)
    : [`"${path}" must be a resource, as postgres({ … }) or defineResource({ … })`]
}

function describeDefinition(definition: Record<string, unknown>, path: string): string[] {
  const given = (key: Key): boolean => definition[key] !== undefined
  const flaws = describeUnknownKeys(definition, [...FUNCTIONS, ...OTHERS], `${path}.`)
  if (!given('create')) flaws.push(`"${path}" has no "create", which makes what one worker has`)
  for (const key of FUNCTIONS)
    if (given(key) && typeof definition[key] !== 'function') flaws.push(`"${path}.${key}" must be a function`)
  if (!isName(definition['kind'])) flaws.push(`"${path}.kind" must be a word for people, as "bucket"`)
  if (given('files') && !isNames(definition['files']))
    flaws.push(`"${path}.files" must be a string or a list of strings, neither empty`)
  return [...flaws, ...describePerTest(definition, path), ...describeParts(definition, path)]
}

/** What has to be there for it to be clean as often as is said. */
function describePerTest({ perTest, reset, worker }: Record<string, unknown>, path: string): string[] {
  if (perTest === undefined) return []
  if (!PER_TEST.includes(perTest as PerTest)) return [`"${path}.perTest" must be ${PER_TEST.join(', ')}`]
  if (perTest === 'reset' && reset === undefined) return [`"${path}" has perTest "reset", but no "reset"`]
  return perTest === 'rollback' && worker === undefined ? [`"${path}" has perTest "rollback", but no "worker"`] : []
}

function describeParts({ calls, worker, admin }: Record<string, unknown>, path: string): string[] {
  const flaws = [...describeFunctions(calls, `${path}.calls`), ...describeFunctions(admin, `${path}.admin`)]
  if (isObject(admin)) flaws.push(...describeUnknownKeys(admin, CALL_OF_ADMIN, `${path}.admin.`))
  if (worker !== undefined && !(typeof worker === 'string' && isAbsolute(worker)))
    flaws.push(`"${path}.worker" must be the absolute path of a module`)
  return flaws
}

function describeFunctions(functions: unknown, path: string): string[] {
  if (functions === undefined) return []
  if (!isObject(functions)) return [`"${path}" must be an object of functions`]
  const others = Object.keys(functions).filter(
    (key) => functions[key] !== undefined && typeof functions[key] !== 'function',
  )
  return others.map((key) => `"${path}.${key}" must be a function`)
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 && value.every(isName) : isName(value)
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
