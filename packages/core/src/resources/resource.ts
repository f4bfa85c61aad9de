import type { Fixtures } from '../fixtures/fixtures.js'
import type { Leases } from '../leases/leases.js'

/**
 * When what a worker has of a resource is clean: before every attempt of a test, in place (`reset`), by another one for each
 * (`clone`), by undoing what the test did through the client that it is handed (`rollback`); before every file (`file`); never
 * (`none`).
 */
export type PerTest = 'reset' | 'clone' | 'rollback' | 'file' | 'none'

/** What surrounds a resource in the main process of a run, and in the command line. */
export interface ResourceSurroundings {
  /** Its key in `resources`. */
  readonly name: string
  /** Where the host runs, absolute: what relative paths are relative to. */
  readonly root: string
  readonly env: Readonly<NodeJS.ProcessEnv>
  /** For what is to last over runs, absolute, this user's alone; whoever needs it makes it. */
  readonly cacheDir: string
  /** Leases of this process, of scope run, workspace and machine. */
  readonly leases: () => Leases
  /** Takes one line for people. */
  readonly print: (line: string) => void
}

/** What a resource is told in the main process of a run. The functions are fixtures that last until it stops. */
export interface ResourceContext
  extends
    ResourceSurroundings,
    Pick<Fixtures, 'namespace' | 'tempDir' | 'port' | 'ports' | 'portBlock' | 'socketPath'> {
  readonly runId: string
  /** How many workers of the run use it at most: no more than there are files that do. */
  readonly slots: number
  /** Aborted when the run ends before its time. */
  readonly signal: AbortSignal
}

/** What one instance is made for. The functions are fixtures that last until it is destroyed. */
export interface InstanceRequest extends ResourceContext {
  /** The number of the worker, from 1. No two instances of a slot and lifetime `worker` exist at once. */
  readonly slot: number
  /** `worker`: for one file after the other; `test`: for one attempt of a test. */
  readonly lifetime: 'worker' | 'test'
  /** Another for each instance of the run, from 1. */
  readonly number: number
}

/** A test that has ended, for whoever looks what it left. */
export interface EndedTest {
  /** `orders.test.ts > creates an order`. */
  readonly test: string
  readonly hasFailed: boolean
  /** Other tests go on in what it had (`file`, `none`): what is open there may be theirs. @default false */
  readonly isShared?: boolean | undefined
}

/** What became of a reset. */
export interface ResetReport {
  /** What had to be cleaned, for people: names of tables. */
  readonly cleaned?: readonly string[]
  /** A line for people, if something had to be done that takes long. */
  readonly notice?: string | undefined
}

/** What a test has left. */
export interface TestReport {
  /** Each is a reason why the test fails. */
  readonly left?: readonly string[]
  /** What was kept for people, told beside the failure: `postgres://localhost/hdl_…_kept_3`. */
  readonly kept?: readonly string[]
}

/** What tests can call; it runs in the main process. Arguments and results cross processes by structured clone. */
export type ResourceCalls<Instance = never> = Readonly<
  Record<string, (instance: Instance, ...args: never[]) => unknown>
>

/** What a resource is, all of it in the main process but `worker`. */
export interface ResourceDefinition<
  Instance,
  Value extends object = Instance & object,
  // oxlint-disable-next-line typescript/no-generated-empty-object-type -- No calls.
  Calls extends ResourceCalls = Record<never, never>,
  Server = undefined,
> {
  /** What it is, for people: `postgres`. */
  readonly kind: string
  /** Globs of the test files that use it, relative to the root. Other files neither get it nor wait for it. @default all */
  readonly files?: string | readonly string[] | undefined
  /** @default 'reset' if there is `reset`, else 'clone' */
  readonly perTest?: PerTest | undefined
  /** Opens what all workers of the run use. Once per run, when the first file needs it. */
  readonly start?: (context: ResourceContext) => Server | Promise<Server>
  /** Makes what one worker has, or one test (`clone`). */
  readonly create: (request: InstanceRequest, server: Server) => Instance | Promise<Instance>
  /** What tests see of it; crosses processes by structured clone. @default the instance itself */
  readonly value?: (instance: Instance) => Value
  /** Variables for the worker, set before the user's code is loaded. @default none */
  readonly env?: (instance: Instance) => Readonly<Record<string, string>>
  /** Makes it clean. Throws if it cannot: then it is destroyed and created again. */
  readonly reset?: (instance: Instance, server: Server) => ResetReport | void | Promise<ResetReport | void>
  /** An attempt of a test has ended. Quick: it is called after every one. */
  readonly afterTest?: (
    instance: Instance,
    test: EndedTest,
    server: Server,
  ) => TestReport | void | Promise<TestReport | void>
  readonly calls?: Calls & ResourceCalls<Instance>
  /** Absolute path of a module of type {@link ResourceWorkerModule}, loaded natively in test workers. */
  readonly worker?: string | undefined
  readonly destroy?: (instance: Instance, server: Server) => unknown
  readonly stop?: (server: Server) => unknown
  /** For `heddle db`. */
  readonly admin?: ResourceAdmin | undefined
}

/** What a resource offers to the command line. */
export interface ResourceAdmin {
  /** Everything of heddle's that is there, of all runs. */
  readonly status: (surroundings: ResourceSurroundings) => Promise<readonly ResourceRow[]>
  /** Removes what dead runs left. @returns what was removed */
  readonly clean: (surroundings: ResourceSurroundings, options: CleanOptions) => Promise<readonly string[]>
  /** Makes the template, or what plays its part, anew. @returns its name */
  readonly rebuild?: (surroundings: ResourceSurroundings) => Promise<string>
  /** Keeps what otherwise is there only while a run goes on, such as an own server. @returns lets it go */
  readonly hold?: (surroundings: ResourceSurroundings) => Promise<() => Promise<void>>
}

export interface CleanOptions {
  /**
   * Also what is kept for this resource from run to run and in nobody's use: slots, templates, data of embedded servers. What others
   * keep on the same server is theirs.
   */
  readonly isAll: boolean
  /** Only tells what would be removed. */
  readonly isDryRun: boolean
}

/** One line of `heddle db status`. */
export interface ResourceRow {
  readonly kind: 'server' | 'template' | 'worker' | 'slot' | 'test' | 'kept'
  readonly name: string
  readonly state: 'in use' | 'free' | 'dead'
  readonly slot?: number | undefined
  /** With its password, if any: for programs. */
  readonly url?: string | undefined
  /** Made for another resource, or by another project, on the same server. */
  readonly isOthers?: boolean | undefined
  /** When it was last used, ISO 8601. */
  readonly usedAt?: string | undefined
  readonly bytes?: number | undefined
  /** Anything else for people. */
  readonly note?: string | undefined
}

/** In a test worker: what of a resource has to be in the same process as the tests. */
export interface ResourceWorkerModule {
  readonly open: (at: ResourceInWorker) => ResourceWorkerPart | Promise<ResourceWorkerPart>
}

/** Where it is opened: for each instance that the worker gets. */
export interface ResourceInWorker {
  readonly name: string
  readonly perTest: PerTest
  /** See {@link ResourceDefinition.value}. */
  readonly value: object
  /** Calls one of {@link ResourceDefinition.calls}. */
  readonly call: (name: string, ...args: readonly unknown[]) => Promise<unknown>
  readonly print: (line: string) => void
}

export interface ResourceWorkerPart {
  /** What tests see besides value and calls. */
  readonly handle?: object
  /** Another file begins, before its code is loaded. Not for the first one after `open`. */
  readonly beforeFile?: () => void | Promise<void>
  /** An attempt of a test begins, after `reset`. */
  readonly beforeTest?: () => void | Promise<void>
  readonly afterTest?: (test: EndedTest) => TestReport | void | Promise<TestReport | void>
  readonly close?: () => unknown
}

/** What {@link defineResource} returns. */
export interface Resource<Handle extends object = object> {
  readonly kind: string
  readonly [RESOURCE]: AnyResourceDefinition
  /** Only a type: what tests are given. */
  readonly handle?: Handle
}

/** A definition of which nothing is known. */
export type AnyResourceDefinition = ResourceDefinition<
  unknown,
  object,
  Readonly<Record<string, (instance: unknown, ...args: unknown[]) => unknown>>,
  unknown
>

/** What tests see of a resource. */
export type ResourceHandle<Value, Calls> = Value & {
  readonly [Name in keyof Calls]: Calls[Name] extends (instance: never, ...args: infer Args) => infer Result
    ? (...args: Args) => Promise<Awaited<Result>>
    : never
}

/** What a resource is known by, whichever copy of this module it is from. */
export const RESOURCE = Symbol.for('heddle.resource')

/**
 * Something that every worker has one of, and that is clean for every test.
 *
 * @example
 * // heddle.config.ts
 * const photos = defineResource({
 *   kind: 'bucket',
 *   create: async ({ namespace }) => {
 *     const bucket = namespace('photos')
 *     await s3.createBucket(bucket)
 *     return { bucket }
 *   },
 *   env: ({ bucket }) => ({ PHOTO_BUCKET: bucket }),
 *   reset: ({ bucket }) => s3.emptyBucket(bucket),
 *   destroy: ({ bucket }) => s3.deleteBucket(bucket),
 * })
 * export default { resources: { photos } }
 */
export function defineResource<
  Instance,
  Value extends object = Instance & object,
  // oxlint-disable-next-line typescript/no-generated-empty-object-type -- No calls.
  Calls extends ResourceCalls = Record<never, never>,
  Server = undefined,
>(definition: ResourceDefinition<Instance, Value, Calls, Server>): Resource<ResourceHandle<Value, Calls>> {
  return { kind: definition.kind, [RESOURCE]: definition as unknown as AnyResourceDefinition }
}

/**
 * The handles of the resources of a config, by name, to tell tests their types:
 *
 * @example
 * // heddle.config.ts
 * const config = { resources: { main: postgres({ migrations: 'migrations/*.sql' }) } }
 * export default config
 *
 * declare global {
 *   interface HeddleResources extends ResourcesOf<typeof config> {}
 * }
 */
export type ResourcesOf<Config extends { readonly resources: object }> = {
  readonly [Name in keyof Config['resources']]: Config['resources'][Name] extends Resource<infer Handle>
    ? Handle
    : never
}

declare global {
  /** What tests see of each resource of heddle.config; see {@link ResourcesOf}. */
  interface HeddleResources {}
}
