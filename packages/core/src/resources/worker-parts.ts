import { pathToFileURL } from 'node:url'
import type { PerTest, ResourceWorkerModule, ResourceWorkerPart } from './resource.js'
import { failedResource, type NamedResource } from './resource-errors.js'
import type { GivenInstance, GivenResource } from './requests.js'

/** What a part is opened for. */
export interface PartRequest {
  readonly resource: GivenResource
  readonly perTest: PerTest
  readonly instance: GivenInstance
  readonly call: (name: string, ...args: readonly unknown[]) => Promise<unknown>
  readonly print: (line: string) => void
}

interface KeptPart {
  readonly number: number
  readonly perTest: PerTest
  readonly part: ResourceWorkerPart
}

/** What of resources has to be in the process of the tests: that of the worker's own instances stays open over its files. */
export class WorkerParts {
  /** By resource. */
  readonly #kept = new Map<string, KeptPart>()

  /** For as long as the worker has that instance. @throws HeddleError `HEDDLE_RESOURCE_FAILED`, and what opening throws */
  async keep(request: PartRequest): Promise<ResourceWorkerPart | undefined> {
    const { resource, perTest, instance } = request
    if (resource.worker === undefined) return undefined
    const kept = this.#kept.get(resource.name)
    if (kept?.number === instance.number && kept.perTest === perTest) {
      await beginFile(kept.part, resource)
      return kept.part
    }
    this.#kept.delete(resource.name)
    await closePart(kept?.part, request)
    const part = await openPart(request, resource.worker)
    this.#kept.set(resource.name, { number: instance.number, perTest, part })
    return part
  }

  async close(print: (line: string) => void): Promise<void> {
    const all = [...this.#kept]
    this.#kept.clear()
    for (const [name, { part }] of all) await closePart(part, { resource: { name }, print })
  }
}

/** @throws HeddleError `HEDDLE_RESOURCE_FAILED` */
export async function openPart(request: PartRequest, path: string): Promise<ResourceWorkerPart> {
  const { resource, perTest, instance, call, print } = request
  const named = { name: resource.name, kind: path }
  try {
    const { open } = moduleOf((await import(pathToFileURL(path).href)) as ImportedModule)
    return await open({ name: resource.name, perTest, value: instance.value, call, print })
  } catch (error) {
    throw failedResource(named, 'open the worker module of', error)
  }
}

async function beginFile(part: ResourceWorkerPart, { name }: GivenResource): Promise<void> {
  try {
    await part.beforeFile?.()
  } catch (error) {
    throw failedResource({ name, kind: 'in its worker' }, 'make clean', error)
  }
}

/** Tells people if it cannot be closed. */
export async function closePart(
  part: ResourceWorkerPart | undefined,
  { resource, print }: { readonly resource: Pick<NamedResource, 'name'>; readonly print: (line: string) => void },
): Promise<void> {
  try {
    await part?.close?.()
  } catch (error) {
    print(failedResource({ name: resource.name, kind: 'worker module' }, 'close', error).message)
  }
}

interface ImportedModule extends Partial<ResourceWorkerModule> {
  readonly default?: Partial<ResourceWorkerModule>
}

/** CommonJS modules whose exports Node does not see have them in their default export. */
function moduleOf(imported: ImportedModule): ResourceWorkerModule {
  const open = imported.open ?? imported.default?.open
  if (open === undefined) throw new Error('it exports no function open')
  return { open }
}
