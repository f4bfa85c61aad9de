import { copied } from './copied.js'

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown

/** Copies by what they were made of: whoever asks twice gets the same. */
const handles = new WeakMap<object, object>()

/** What tests see of a resource, with data that is {@link copied}, also that which its functions give. */
export function copiedHandle(handle: object): object {
  const known = handles.get(handle)
  if (known !== undefined) return known
  const copy = {}
  for (const name of Object.keys(handle)) Object.defineProperty(copy, name, propertyOf(handle, name))
  handles.set(handle, copy)
  return copy
}

/** What costs something to get is got when somebody asks for it. */
function propertyOf(handle: object, name: string): PropertyDescriptor {
  const property = Object.getOwnPropertyDescriptor(handle, name) ?? {}
  if ('value' in property) return { value: ofSandbox(property.value, handle), enumerable: true }
  return { get: () => ofSandbox(Reflect.get(handle, name), handle), enumerable: true }
}

function ofSandbox(value: unknown, handle: object): unknown {
  return isBareFunction(value) ? calling(value, handle) : copied(value)
}

/** One with properties of its own is more than a call: a client of a database, say. */
function isBareFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function' && Object.keys(value).length === 0
}

function calling(fn: AnyFunction, handle: object): AnyFunction {
  return (...args) => {
    const result = Reflect.apply(fn, handle, args)
    return isMerePromise(result) ? result.then(copied) : copied(result)
  }
}

/** Not one that can do more than be awaited, as queries can. */
function isMerePromise(value: unknown): value is Promise<unknown> {
  return (
    Object.prototype.toString.call(value) === '[object Promise]' &&
    (value as Promise<unknown>).constructor.name === 'Promise'
  )
}
