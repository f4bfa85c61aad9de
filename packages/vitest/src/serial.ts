import type { Registrar, SerialClaim } from '@heddle/core/serial'
import { configuredWorker } from './configured-worker.js'
import { loadSerial } from './load-core.js'
import type { Serial } from './serial-types.js'
import { workerSide, type WorkerSide } from './worker/worker-side.js'

/** Of `test` or of `describe`. */
const MODIFIERS = 'only skip todo fails concurrent sequential shuffle each for skipIf runIf'.split(' ')

/**
 * Registers a test that runs while no other test with the same key does, in no worker, run or package of the workspace.
 * Without a key: alone among all serial tests. It has everything that Vitest's own `test` has.
 *
 * The wait is no part of the test's time-out or duration. It has a limit of its own (`timeoutMs`, 10 minutes), and its
 * error names who holds the key. What is held lasts over `beforeEach`, `afterEach`, retries and repeats.
 *
 * @throws HeddleError `HEDDLE_NOT_CONFIGURED` without heddle in the Vitest config, `HEDDLE_SERIAL_INVALID`
 *
 * @example
 * import { serial } from '@heddle/vitest'
 *
 * serial('closes the year', async () => { … })
 * serial('ledger')('books a payment', async () => { … })
 * serial(['ledger', 'smtp'])('sends the invoice', async () => { … })
 * serial.shared('ledger')('reads the balance', async () => { … })
 * serial.describe('ledger', 'migrations', () => { … })
 * serial({ key: 'ledger', scope: 'machine', timeoutMs: 60_000 })('rebuilds the index', async () => { … })
 */
export const serial: Serial = onFirstUse(createVitestSerial)

/**
 * Whether the running test holds the key, by itself, by its block or by its file; without a key, whether it holds
 * anything. For assertions in code that must not run beside other tests.
 *
 * @example
 * export function truncateLedger() {
 *   assert(isSerial('ledger'), 'truncateLedger() is for serial("ledger") tests')
 * }
 */
export function isSerial(key?: string): boolean {
  return workerSide()?.isSerial(key) ?? false
}

/** Most test files that import this package use something else of it, and core's part takes milliseconds to load. */
function onFirstUse(create: () => Serial): Serial {
  let created: Serial | undefined
  const get = (): Serial => (created ??= create())
  const target = (): undefined => undefined
  return new Proxy(target, {
    apply: (_, self, args: unknown[]) => Reflect.apply(get() as Registrar, self, args),
    get: (_, name) => Reflect.get(get(), name) as unknown,
    has: (_, name) => Reflect.has(get(), name),
  }) as unknown as Serial
}

function createVitestSerial(): Serial {
  const { createSerial } = loadSerial()
  return createSerial({
    get test() {
      return configuredWorker('serial').test
    },
    get describe() {
      return configuredWorker('serial').describe
    },
    modifiers: MODIFIERS,
    registerTests: (claim, registrar, args) =>
      configuredWorker('serial').registerTests(claim, () => registrar(...track(args))),
    registerBlock: (claim, registrar, args) =>
      registrar(...wrapFunctions(args, (factory) => asBlock(configuredWorker('serial'), claim, factory))),
    claimFile: (claim) => configuredWorker('serial').claimFile(claim),
  }) as Serial
}

function track(args: readonly unknown[]): unknown[] {
  return wrapFunctions(args, (fn) => {
    const worker = configuredWorker('serial')
    return lookLike(fn, function tracked(this: unknown, ...given) {
      return worker.runBody(() => Reflect.apply(fn, this, given))
    })
  })
}

function asBlock(worker: WorkerSide, claim: SerialClaim, factory: Registrar): Registrar {
  return lookLike(factory, (...given) => {
    worker.claimBlock(claim)
    return factory(...given)
  })
}

/** A name comes first where something is registered; `each(rows)` and `skipIf(condition)` register nothing yet. */
function wrapFunctions([name, ...rest]: readonly unknown[], wrap: (fn: Registrar) => Registrar): unknown[] {
  if (typeof name !== 'string' && typeof name !== 'function') return [name, ...rest]
  return [name, ...rest.map((arg) => (typeof arg === 'function' ? wrap(arg as Registrar) : arg))]
}

/** Vitest reads from a function's source which fixtures it wants. */
function lookLike(original: Registrar, wrapper: Registrar): Registrar {
  Object.defineProperties(wrapper, {
    name: { value: original.name },
    length: { value: original.length },
    toString: { value: () => String(original) },
  })
  return wrapper
}
