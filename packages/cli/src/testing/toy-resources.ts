import type { ResourceRow } from '@heddle/core'

/** What a toy resource answers; functions are in the config file, so this is plain data. */
export interface Toy {
  readonly kind?: string
  readonly rows?: readonly ResourceRow[]
  readonly removes?: readonly string[]
  /** The template it makes anew, if it has any. */
  readonly template?: string
  /** Why its server cannot be asked. */
  readonly failure?: string
}

/**
 * The text of a heddle.config.mjs with toys for resources. They do as much as the command line asks for, and say on standard
 * error how they were called.
 */
export function configOf(toys: Readonly<Record<string, Toy>>): string {
  return `
const toys = ${JSON.stringify(toys)}
const toyOf = ({ kind = 'toy', rows = [], removes = [], template, failure }) => {
  const answer = async (value) => {
    if (failure !== undefined) throw new Error(failure)
    return value
  }
  const admin = {
    status: ({ root, print }) => {
      print('asked in ' + root)
      return answer(rows)
    },
    clean: ({ name, print }, options) => {
      print(name + ' cleans ' + JSON.stringify(options))
      return answer(removes)
    },
    ...(template === undefined ? {} : { rebuild: () => answer(template) }),
    hold: async ({ name, print }) => {
      print(name + ' is held')
      return async () => print(name + ' is let go')
    },
  }
  return { kind, [Symbol.for('heddle.resource')]: { kind, create: () => ({}), admin } }
}
const silent = { kind: 'bucket', [Symbol.for('heddle.resource')]: { kind: 'bucket', create: () => ({}) } }
const resources = Object.fromEntries(Object.entries(toys).map(([name, toy]) => [name, toyOf(toy)]))
export default { resources: { ...resources, ...(toys.photos === undefined ? {} : { photos: silent }) } }
`
}

/** A database of worker 2, in use. */
export const WORKER: ResourceRow = {
  kind: 'worker',
  name: 'hdl_3fa1c0_w2',
  state: 'in use',
  slot: 2,
  url: 'postgres://app:secret@localhost/hdl_3fa1c0_w2',
  usedAt: '2026-03-14T11:59:00.000Z',
  bytes: 8_100_000,
}

export const TEMPLATE: ResourceRow = {
  kind: 'template',
  name: 'hdl_tpl_0a1b2c3d4e',
  state: 'free',
  note: '3 migrations',
}
