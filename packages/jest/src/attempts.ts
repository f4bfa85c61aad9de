import { AsyncLocalStorage } from 'node:async_hooks'
import type { CircusFn, CircusTest } from './circus-types.js'

/** One attempt of a test. Has no content: it is in the asynchronous context, which can outlive the file and would keep it in memory. */
export type Attempt = object

const context = new AsyncLocalStorage<Attempt>()

/** Outside of all tests: Jest 30 keeps the running one in the asynchronous context, with all of its file. */
const outside = AsyncLocalStorage.snapshot()

/** Which attempts of tests of a file run, and which one asks for something: also one that should have ended. */
export class Attempts {
  /** The one whose hooks run, which are followed in no other way. */
  running: Attempt | undefined
  #tests = new WeakMap<Attempt, CircusTest>()
  readonly #open = new Map<CircusTest, Attempt>()

  /** The one that asks; undefined at file level. */
  get asking(): Attempt | undefined {
    const attempt = context.getStore()
    return attempt !== undefined && this.#tests.has(attempt) ? attempt : this.running
  }

  testOf(attempt: Attempt): CircusTest | undefined {
    return this.#tests.get(attempt)
  }

  /** The attempt that has begun and not ended. */
  openOf(test: CircusTest): Attempt | undefined {
    return this.#open.get(test)
  }

  begin(test: CircusTest): Attempt {
    const attempt = {}
    this.#tests.set(attempt, test)
    this.#open.set(test, attempt)
    return attempt
  }

  end(test: CircusTest): void {
    this.#open.delete(test)
  }

  /** The file is over. Somebody may still know an attempt, who must not keep its test in memory. */
  forget(): void {
    this.running = undefined
    this.#open.clear()
    this.#tests = new WeakMap()
  }

  /**
   * The same test function, to Jest, of which it is known what it asks for.
   *
   * @param begin called when it starts
   */
  follow(fn: CircusFn, begin: () => Attempt): CircusFn {
    // Jest looks at its kind. What it asks for is taken for what the running test asks for.
    if (isGenerator(fn)) return fn
    const body = fn as unknown as (this: unknown, ...args: unknown[]) => unknown
    const followed = function followed(this: unknown, ...args: unknown[]): unknown {
      return context.run(begin(), () => body.apply(this, args))
    }
    // By which Jest knows whether it takes a callback.
    return Object.defineProperty(followed, 'length', { value: body.length })
  }

  /** Calls in the name of the attempt that asks. What goes on in the background after that does not keep the file in memory. */
  call<T>(fn: () => T): T {
    const { asking } = this
    return outside(() => (asking === undefined ? fn() : context.run(asking, fn)))
  }
}

/** Jest runs its steps itself. */
export function isGenerator(fn: CircusFn): boolean {
  return Object.prototype.toString.call(fn) === '[object GeneratorFunction]'
}
