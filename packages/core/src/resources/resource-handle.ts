import { hasEnded } from './resource-errors.js'
import type { GivenInstance, GivenResource } from './requests.js'
import type { ResourceWorkerPart } from './resource.js'

/** One instance as it is in the process of the tests. */
export interface HandedInstance {
  readonly given: GivenInstance
  readonly part: ResourceWorkerPart | undefined
  /** What tests see of it. */
  readonly handle: object
}

export type CallOf = (name: string, ...args: readonly unknown[]) => Promise<unknown>

/** What tests see: the value, what they can call, and what is in their process; later names win. */
export function createHandle(
  resource: GivenResource,
  { value }: GivenInstance,
  call: CallOf,
  own: object = {},
): object {
  const stubs = resource.calls.map((name) => [name, createStub(call, name)] as const)
  const properties = Object.getOwnPropertyDescriptors(own)
  return Object.freeze(Object.defineProperties({ ...value, ...Object.fromEntries(stubs) }, properties))
}

/** An error of the main process tells where in the test it was caused. */
function createStub(call: CallOf, name: string): (...args: unknown[]) => Promise<unknown> {
  return async function stub(...args) {
    const here: { stack?: string } = {}
    Error.captureStackTrace(here, stub)
    try {
      return await call(name, ...args)
    } catch (error) {
      throw withCaller(error, here.stack)
    }
  }
}

function withCaller(error: unknown, caller = ''): unknown {
  if (typeof error !== 'object' || error === null || !('stack' in error)) return error
  const stack = String(error.stack)
  const head = stack.slice(0, startOfFrames(stack))
  const value = head + caller.slice(startOfFrames(caller)) + stack.slice(head.length)
  return Object.defineProperty(error, 'stack', { value, configurable: true, writable: true, enumerable: false })
}

function startOfFrames(stack: string): number {
  const start = stack.indexOf('\n    at ')
  return start === -1 ? stack.length : start
}

/** Refuses calls once whoever has the instance has ended. */
export function callWhile(
  isOpen: () => boolean,
  call: CallOf,
  { what, label }: { what: string; label: string },
): CallOf {
  return async (name, ...args) => {
    if (!isOpen()) throw hasEnded(`${what}.${name}()`, label)
    return call(name, ...args)
  }
}
