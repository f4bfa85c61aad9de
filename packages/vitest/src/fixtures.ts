import type {
  Fixtures,
  ListeningAddress,
  ListeningServer,
  ListenOptions,
  Logger,
  PortFreeOptions,
  PortOptions,
  ScopeOptions,
  Shared,
  SharedOptions,
  TempDirOptions,
} from '@heddle/core/fixtures'
import { configuredWorker } from './configured-worker.js'
import { workerSide } from './worker/worker-side.js'

// Whoever imports this may ask in a test, and several tests may run at once.
workerSide()?.followTests()

function ask(what: string): Fixtures {
  return configuredWorker(what).fixtures
}

/**
 * The number of this worker, from 1: no two workers of the run that are busy have the same.
 *
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * const database = `test_${slot()}`
 */
export function slot(): number {
  return ask('slot()').slot()
}

/** The id of this run; no other run has it. @throws HeddleError `HEDDLE_NOT_CONFIGURED` */
export function runId(): string {
  return ask('runId()').runId()
}

/** The id of this worker: no other has it, on this machine and over time. @throws HeddleError `HEDDLE_NOT_CONFIGURED` */
export function workerId(): string {
  return ask('workerId()').workerId()
}

/**
 * A name that nobody else has who runs on the machine now, for tables, queues, keys: `[a-z][a-z0-9_]*`, at most 40
 * characters. In a test one of its own, elsewhere that of the file; the same `extra` gives the same name.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * const table = namespace('orders')
 */
export function namespace(extra?: string): string {
  return ask('namespace()').namespace(extra)
}

/**
 * A new empty directory, its real path. Removed at the end of its scope; if something failed in it, perhaps kept
 * (`keepTempDirs`), with its path beside the failure.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_FAILED`, `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * const dir = await tempDir()
 * const cache = await tempDir({ scope: 'file', prefix: 'cache' })
 */
export async function tempDir(options?: TempDirOptions): Promise<string> {
  return ask('tempDir()').tempDir(options)
}

/**
 * A TCP port (or UDP) that is free, and that heddle gives to nobody else on this machine until the end of the scope.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_FAILED`, `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * const child = spawn('my-server', ['--port', String(await port())])
 */
export async function port(options?: PortOptions): Promise<number> {
  return ask('port()').port(options)
}

/** Several of {@link port} at once, in no order. @throws as {@link port} */
export async function ports(count: number, options?: PortOptions): Promise<number[]> {
  return ask('ports()').ports(count, options)
}

/** So many of {@link port} in a row; the same for the same slot, as long as nobody else has them. @throws as {@link port} */
export async function portBlock(size: number, options?: PortOptions): Promise<number[]> {
  return ask('portBlock()').portBlock(size, options)
}

/** Whether a port could be bound to right now. @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_NOT_CONFIGURED` */
export async function isPortFree(which: number, options?: PortFreeOptions): Promise<boolean> {
  return ask('isPortFree()').isPortFree(which, options)
}

/**
 * Lets a server listen at a port that the system chooses, and closes it at the end of the scope. The best way where the
 * code under test takes a server.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_FAILED`, `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * const { url } = await listen(createServer(app))
 * expect((await fetch(url)).status).toBe(200)
 */
export async function listen(server: ListeningServer, options?: ListenOptions): Promise<ListeningAddress> {
  return ask('listen()').listen(server, options)
}

/**
 * A path for a Unix domain socket, at most 103 bytes; a named pipe on Windows. Nothing is there yet.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_FAILED`, `HEDDLE_NOT_CONFIGURED`
 */
export async function socketPath(options?: ScopeOptions): Promise<string> {
  return ask('socketPath()').socketPath(options)
}

/**
 * Sets environment variables, or removes them (undefined), until the end of the scope.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_INVALID`, `HEDDLE_NOT_CONFIGURED`
 *
 * @example
 * env({ API_URL: url, API_TOKEN: undefined })
 */
export function env(variables: Readonly<Record<string, string | undefined>>, options?: ScopeOptions): void {
  ask('env()').env(variables, options)
}

/**
 * Something of which all workers use one: created once, by whoever needs it first, and destroyed when nobody needs it any
 * more. Ask for it at the top of the file: then it is waited for before the first test, in nobody's time-out.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_NOT_CONFIGURED`; to whoever awaits it, what `create` threw
 *
 * @example
 * const server = shared('server', { create: './test/start-server.ts' })
 *
 * test('answers', async () => {
 *   const { url } = await server
 * })
 */
export function shared<T>(key: string, options: SharedOptions<T>): Shared<T> {
  return ask('shared()').shared(key, options)
}

/** Prints lines that tell which worker and file they are from. @throws HeddleError `HEDDLE_NOT_CONFIGURED` */
export function createLogger(name: string): Logger {
  return ask('createLogger()').createLogger(name)
}
