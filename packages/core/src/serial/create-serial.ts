import { claimOf, type SerialClaim, type SerialMode, type SerialTarget } from './serial-claim.js'

/** A host's `test` or `describe`, or one of their variants. */
export type Registrar = (...args: readonly unknown[]) => unknown

/** What differs between hosts. */
export interface SerialHost {
  /** Asked for when something of `serial` is used, not before. */
  readonly test: Registrar
  /** The same. */
  readonly describe: Registrar
  /** The properties of both that are registrars themselves, or give one when called: `only`, `each`. */
  readonly modifiers: readonly string[]
  /** Calls the registrar; the tests it registers carry the claim. */
  registerTests(claim: SerialClaim, registrar: Registrar, args: readonly unknown[]): unknown
  /** Calls the registrar; the block it registers carries the claim. */
  registerBlock(claim: SerialClaim, registrar: Registrar, args: readonly unknown[]): unknown
  /** The file says that it needs this for itself, from its first line to its last. */
  claimFile(claim: SerialClaim): void
}

type Register = (registrar: Registrar, args: readonly unknown[]) => unknown

/**
 * The `serial` function of a host, with everything on it: `serial(name, fn)`, `serial(key)(name, fn)`, `.shared`,
 * `.describe`, `.file` and the host's own modifiers.
 *
 * @returns to be typed by the adapter, from the user's own version of the host
 */
export function createSerial(host: SerialHost): unknown {
  return Object.assign(createUnbound(host, 'exclusive'), { shared: createUnbound(host, 'shared') })
}

/** One argument is a key, more are a test. */
function createUnbound(host: SerialHost, mode: SerialMode): Registrar {
  const claim = claimOf(undefined, mode)
  const register: Register = (registrar, args) => host.registerTests(claim, registrar, args)
  const serial: Registrar = (...args) =>
    args.length === 1 ? createBound(host, claimOf(args[0] as SerialTarget, mode)) : register(host.test, args)
  return Object.assign(
    addModifiers(serial, () => host.test, host.modifiers, register),
    {
      describe: createDescribe(host, mode),
      file: (target?: SerialTarget) => host.claimFile(claimOf(target, mode)),
    },
  )
}

/** What `serial(key)` gives. */
function createBound(host: SerialHost, claim: SerialClaim): Registrar {
  const registrar = wrap(host.test, host.modifiers, (test, args) => host.registerTests(claim, test, args))
  const describe = wrap(host.describe, host.modifiers, (block, args) => host.registerBlock(claim, block, args))
  return Object.assign(registrar, { describe })
}

/** `(key, name, fn)` or `(name, fn)`; its modifiers, such as `each`, leave no room for a key. */
function createDescribe(host: SerialHost, mode: SerialMode): Registrar {
  const register: Register = (registrar, args) => host.registerBlock(claimOf(undefined, mode), registrar, args)
  const describe: Registrar = (...args) =>
    hasKey(args)
      ? host.registerBlock(claimOf(args[0] as SerialTarget, mode), host.describe, args.slice(1))
      : register(host.describe, args)
  return addModifiers(describe, () => host.describe, host.modifiers, register)
}

/** A block's function is its last argument, or before the host's options; with a key there is a name between. */
function hasKey([first, second, third]: readonly unknown[]): boolean {
  if (typeof first === 'object') return true
  return typeof second === 'string' && (typeof third === 'function' || typeof third === 'object')
}

/**
 * A registrar like `original` that goes through `register`, and so does whatever it gives.
 *
 * @param owner what it is a method of
 */
function wrap(original: Registrar, modifiers: readonly string[], register: Register, owner?: Registrar): Registrar {
  const call: Registrar = (...args) => Reflect.apply(original, owner, args)
  const wrapped: Registrar = (...args) => {
    const result = register(call, args)
    return typeof result === 'function' ? wrap(result as Registrar, modifiers, register) : result
  }
  return addModifiers(wrapped, () => original, modifiers, register)
}

/**
 * Made when they are asked for: each has all modifiers again. They are methods of their owner: Vitest's `each` and
 * `skipIf` want it as `this`.
 */
function addModifiers(
  registrar: Registrar,
  ownerOf: () => Registrar,
  modifiers: readonly string[],
  register: Register,
): Registrar {
  for (const name of modifiers) {
    const get = (): unknown => {
      const owner = ownerOf()
      return name in owner ? wrap(Reflect.get(owner, name) as Registrar, modifiers, register, owner) : undefined
    }
    Object.defineProperty(registrar, name, { get, enumerable: true, configurable: true })
  }
  return registrar
}
