import { following } from '@heddle/core/serial'
import type { CircusFn } from './circus-types.js'

/** The body begins. @returns to be called when it has ended, whenever that is */
type Begin = () => () => void

type Body = (this: unknown, ...args: unknown[]) => unknown

/**
 * The same test function, to Jest, whose end is noticed also after Jest has given it up. With a parameter, by which Jest
 * knows a `done` callback, it has one, too; a generator stays one.
 */
export function trackBody(fn: CircusFn, begin: Begin): CircusFn {
  const body = fn as unknown as Body
  if (body.length > 0) return trackCallback(body, begin)
  return isGenerator(body) ? trackGenerator(body as GeneratorBody, begin) : trackPromise(body, begin)
}

function trackPromise(fn: Body, begin: Begin): Body {
  return function tracked(...args) {
    const end = begin()
    return following(() => fn.apply(this, args), end)
  }
}

/** Ends with the call of `done`. */
function trackCallback(fn: Body, begin: Begin): Body {
  return function tracked(done, ...rest) {
    const end = begin()
    const doneAndEnd = (...reasons: readonly unknown[]): unknown => {
      end()
      return (done as Body)(...reasons)
    }
    try {
      return fn.call(this, doneAndEnd, ...rest)
    } catch (error) {
      end()
      throw error
    }
  }
}

type GeneratorBody = (this: unknown, ...args: unknown[]) => Generator<unknown, unknown, unknown>

function trackGenerator(fn: GeneratorBody, begin: Begin): Body {
  return function* tracked(this: unknown, ...args) {
    const end = begin()
    try {
      return yield* fn.apply(this, args)
    } finally {
      end()
    }
  }
}

function isGenerator(fn: Body): boolean {
  return Object.prototype.toString.call(fn) === '[object GeneratorFunction]'
}
