import type { Fixtures, Shared, SharedOptions } from '@heddle/core/fixtures'
import { copied } from './copied.js'
import { installedHeddle } from './installed-heddle.js'
import { refuseWithoutHeddle } from './not-configured.js'

// Tests that come from now on may ask for fixtures, also when they should have ended.
installedHeddle()?.followTests()

/**
 * The number of the worker, from 1: no two workers of the run that are busy have the same.
 *
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED`, as all functions here
 */
export const slot: Fixtures['slot'] = () => here('slot()').slot()

/** Another in each run. */
export const runId: Fixtures['runId'] = () => here('runId()').runId()

/** Another for each worker process or thread, on the machine and over time: `[a-z0-9]`, 8 characters. */
export const workerId: Fixtures['workerId'] = () => here('workerId()').workerId()

/**
 * A name that nobody else has who runs on the machine now, for tables, queues, keys: `[a-z][a-z0-9_]*`, at most 40
 * characters. In a test one of its own, elsewhere that of the file; the same `extra` gives the same name.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_OUTSIDE`
 *
 * @example
 * const table = namespace('orders')
 */
export const namespace: Fixtures['namespace'] = (extra) => here('namespace()').namespace(extra)

/**
 * A new empty directory, its real path. Removed at the end of the test, or of the file if asked for outside of tests.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_FAILED`
 *
 * @example
 * const dir = await tempDir({ keep: 'on-failure' })
 */
export const tempDir: Fixtures['tempDir'] = async (options) => here('tempDir()').tempDir(options)

/**
 * A port that is free, and that heddle gives to nobody else on this machine until the end of the test, or of the file if
 * asked for outside of tests.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_FAILED`
 *
 * @example
 * const server = app.listen(await port())
 */
export const port: Fixtures['port'] = async (options) => here('port()').port(options)

/**
 * Several ports at once, in no order. See {@link port}.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_FAILED`
 */
export const ports: Fixtures['ports'] = async (count, options) => [...(await here('ports()').ports(count, options))]

/**
 * So many ports in a row. The same for the same slot, as long as nobody else has them. See {@link port}.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_FAILED`
 */
export const portBlock: Fixtures['portBlock'] = async (size, options) => [
  ...(await here('portBlock()').portBlock(size, options)),
]

/**
 * Whether a port could be bound to right now.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`
 */
export const isPortFree: Fixtures['isPortFree'] = async (number, options) =>
  here('isPortFree()').isPortFree(number, options)

/**
 * Lets a server listen at a port that the system chooses, and closes it at the end of the test, or of the file if asked for
 * outside of tests. The best way where the code under test takes a server.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_FAILED`
 *
 * @example
 * const { url } = await listen(createServer(app))
 */
export const listen: Fixtures['listen'] = async (server, options) => ({
  ...(await here('listen()').listen(server, options)),
})

/**
 * A path for a Unix domain socket, at most 103 bytes; a named pipe on Windows. Nothing is there yet.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`, `HEDDLE_FIXTURE_FAILED`
 */
export const socketPath: Fixtures['socketPath'] = async (options) => here('socketPath()').socketPath(options)

/**
 * Sets environment variables, or removes them (undefined), until the end of the test, or of the file if called outside of tests.
 *
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_OUTSIDE`
 *
 * @example
 * env({ FEATURE_INVOICES: '1', HTTP_PROXY: undefined })
 */
export const env: Fixtures['env'] = (variables, options) => here('env()').env(variables, options)

/**
 * Something of which all workers use one. Ask for it at the top of the file: then it is waited for before the first test,
 * in nobody's time-out.
 *
 * @param key the same for all who share it
 * @throws HeddleError `HEDDLE_FIXTURE_INVALID`, `HEDDLE_FIXTURE_FAILED`, and what `create` throws, to whoever awaits it
 *
 * @example
 * const broker = shared('broker', { create: './test/start-broker.js' })
 *
 * test('publishes', async () => {
 *   const { url } = await broker
 * })
 */
export function shared<T>(key: string, options: SharedOptions<T>): Shared<T> {
  const declared = here('shared()').shared(key, options)
  return {
    // oxlint-disable-next-line unicorn/no-thenable
    then: (onFulfilled, onRejected) => Promise.resolve(declared).then(copied).then(onFulfilled, onRejected),
  }
}

/** Prints `[slot 2 · orders.test.ts] name: …` with the console of the test. */
export const createLogger: Fixtures['createLogger'] = (name) => here('createLogger()').createLogger(name)

function here(what: string): Fixtures {
  return installedHeddle()?.fixtures ?? refuseWithoutHeddle(what)
}
