import type * as Valibot from 'valibot'

/**
 * Makes something of valibot when it is first asked for, once. valibot takes 8 ms to load, in every run of every suite,
 * and most runs have no options, plan or snapshot to validate.
 *
 * @example
 * const parsePoint = withValibot((v) => v.parser(v.object({ x: v.number() })))
 * parsePoint()(value)
 */
export function withValibot<T>(make: (v: typeof Valibot) => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make(require('valibot') as typeof Valibot) }).value
}
