import type { Registrar } from '@heddle/core/serial'
import { expect, test } from 'vitest'
import { lateRegistrar, TEST_MODIFIERS } from './registrars.js'

/** Like Vitest's `test`: its methods want to be called as methods. */
class Chain {
  readonly calls: unknown[][] = []

  create(mode: string): Registrar {
    const { calls } = this
    const registrar: Registrar = (...args) => void calls.push([mode, ...args])
    const owned = Object.assign(registrar, {
      each(this: Registrar, rows: readonly unknown[]) {
        return (name: string) => rows.map((row) => this(`${name} ${String(row)}`))
      },
      skipIf(this: { readonly skip: Registrar }, condition: boolean) {
        return condition ? this.skip : this
      },
    })
    const create = (name: string): Registrar => this.create(name)
    Object.defineProperty(owned, 'only', { get: () => create(`${mode}.only`) })
    Object.defineProperty(owned, 'skip', { get: () => create(`${mode}.skip`) })
    return owned
  }
}

function get(registrar: Registrar, ...names: readonly string[]): Registrar {
  return names.reduce((from, name) => Reflect.get(from, name) as Registrar, registrar)
}

test('it asks for the original when it is called, not before', () => {
  const late = lateRegistrar(TEST_MODIFIERS, () => {
    throw new Error('not configured')
  })
  const modified = get(late, 'only', 'each')
  expect(() => late('name')).toThrow('not configured')
  expect(() => modified([1])).toThrow('not configured')
})

test('modifiers, also of modifiers and of what calls give, are called as methods', () => {
  const chain = new Chain()
  const late = lateRegistrar(TEST_MODIFIERS, () => chain.create('test'))
  late('a', 1)
  get(late, 'only')('b')
  const rows = get(late, 'only', 'each')([1, 2]) as Registrar
  rows('c')
  get(get(late, 'skipIf')(true) as Registrar, 'each')([3])
  const kept = get(late, 'skipIf')(false) as Registrar
  const more = get(kept, 'each')([4]) as Registrar
  more('d')
  expect(chain.calls).toEqual([
    ['test', 'a', 1],
    ['test.only', 'b'],
    ['test.only', 'c 1'],
    ['test.only', 'c 2'],
    ['test', 'd 4'],
  ])
})
