import type { Registrar } from '@heddle/core/serial'

const COMMON = ['only', 'skip', 'todo', 'concurrent', 'sequential', 'each', 'for', 'skipIf', 'runIf'] as const
export const TEST_MODIFIERS: readonly string[] = [...COMMON, 'fails']
export const SUITE_MODIFIERS: readonly string[] = [...COMMON, 'shuffle']

/**
 * Stands for a registrar of Vitest that is asked for on use, with its modifiers, and with theirs. Each is called as the
 * method it is: `each` and `skipIf` want the function they belong to as `this`.
 *
 * @param call how to call it, if not as it is
 */
export function lateRegistrar(
  modifiers: readonly string[],
  self: () => Registrar,
  call: Registrar = (...args) => self()(...args),
): Registrar {
  const registrar: Registrar = (...args) => {
    const result = call(...args)
    return typeof result === 'function' ? lateRegistrar(modifiers, () => result as Registrar) : result
  }
  for (const name of modifiers) {
    const method = (): Registrar => Reflect.get(self(), name) as Registrar
    const get = (): Registrar => lateRegistrar(modifiers, method, (...args) => Reflect.apply(method(), self(), args))
    Object.defineProperty(registrar, name, { get, enumerable: true, configurable: true })
  }
  return registrar
}
