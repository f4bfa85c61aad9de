import { beforeEach, expect, test } from 'vitest'
import { createSerial, type Registrar, type SerialHost } from './create-serial.js'
import type { SerialClaim } from './serial-claim.js'

type Serial = Registrar &
  Record<'only' | 'each' | 'describe' | 'shared' | 'file' | 'skip', Registrar & Record<string, Registrar>>

/** What the host was asked to register: by which registrar, with which claim. */
let registered: unknown[][]
/** Whether something is being registered under a claim right now. */
let isClaimed: boolean

/** Like a host's `test`: `only` is made anew each time, `each` gives a function. */
function fakeRegistrar(name: string): Registrar {
  const registrar: Registrar = (...args) => {
    registered.push([isClaimed ? name : 'unclaimed', ...args])
  }
  return Object.defineProperties(registrar, {
    only: { get: () => fakeRegistrar(`${name}.only`), configurable: true },
    each: {
      value:
        (table: readonly unknown[]): Registrar =>
        (title, fn) => {
          for (const row of table) registered.push([isClaimed ? `${name}.each` : 'unclaimed', title, row, fn])
        },
    },
  })
}

interface Log {
  readonly serial: Serial
  readonly claims: SerialClaim[]
  readonly kinds: string[]
}

function serialWithLog(): Log {
  const claims: SerialClaim[] = []
  const kinds: string[] = []
  const registerAs =
    (kind: string) =>
    (claim: SerialClaim, registrar: Registrar, args: readonly unknown[]): unknown => {
      claims.push(claim)
      kinds.push(kind)
      isClaimed = true
      const result = registrar(...args)
      isClaimed = false
      return result
    }
  const host: SerialHost = {
    test: fakeRegistrar('test'),
    describe: fakeRegistrar('describe'),
    modifiers: ['only', 'each', 'skip'],
    registerTests: registerAs('test'),
    registerBlock: registerAs('block'),
    claimFile: (claim) => void claims.push(claim),
  }
  return { serial: createSerial(host) as Serial, claims, kinds }
}

const body = (): void => undefined

beforeEach(() => {
  registered = []
  isClaimed = false
})

test('a name and a function are a test without a key', () => {
  const { serial, claims } = serialWithLog()
  serial('closes', body)
  expect(registered).toEqual([['test', 'closes', body]])
  expect(claims).toMatchObject([{ keys: [], mode: 'exclusive' }])
})

test('a key alone gives the same, bound to it', () => {
  const { serial, claims } = serialWithLog()
  const bound = serial('ledger') as Registrar
  bound('closes', body, 500)
  bound('opens', body)
  expect(registered).toEqual([
    ['test', 'closes', body, 500],
    ['test', 'opens', body],
  ])
  expect(claims).toMatchObject([{ keys: ['ledger'] }, { keys: ['ledger'] }])
})

test('a bound one takes a single argument for a name', () => {
  const { serial } = serialWithLog()
  ;(serial('ledger') as Registrar)('to be written')
  expect(registered).toEqual([['test', 'to be written']])
})

test('modifiers, and what they give, register with the claim', () => {
  const { serial, claims } = serialWithLog()
  serial.only('a', body)
  ;(serial.each([1, 2]) as Registrar)('b %i', body)
  const bound = serial(['x', 'y']) as Serial
  bound.only('c', body)
  expect(registered).toEqual([
    ['test.only', 'a', body],
    ['test.each', 'b %i', 1, body],
    ['test.each', 'b %i', 2, body],
    ['test.only', 'c', body],
  ])
  expect(claims.at(-1)).toMatchObject({ keys: ['x', 'y'] })
})

test('modifiers can be combined', () => {
  const { serial } = serialWithLog()
  const each = serial.only['each']?.([7])
  ;(each as Registrar)('d', body)
  expect(registered).toEqual([['test.only.each', 'd', 7, body]])
})

test('a modifier that this host lacks is not there', () => {
  const { serial } = serialWithLog()
  expect(serial.skip).toBeUndefined()
})

test('a block takes a key before its name, or none', () => {
  const { serial, claims, kinds } = serialWithLog()
  serial.describe('ledger', 'migrations', body)
  serial.describe('seeds', body)
  serial.describe({ key: 'smtp', timeoutMs: 5 }, 'mails', body)
  serial.describe(['a', 'b'], 'both', body)
  ;(serial('x') as Serial).describe('bound', body)
  serial.describe['only']?.('alone', body)
  expect(registered).toEqual([
    ['describe', 'migrations', body],
    ['describe', 'seeds', body],
    ['describe', 'mails', body],
    ['describe', 'both', body],
    ['describe', 'bound', body],
    ['describe.only', 'alone', body],
  ])
  expect(claims.map(({ keys }) => keys)).toEqual([['ledger'], [], ['smtp'], ['a', 'b'], ['x'], []])
  expect(kinds).toEqual(claims.map(() => 'block'))
})

test('a block with options of the host between name and function has no key', () => {
  const { serial, claims } = serialWithLog()
  serial.describe('seeds', { retry: 2 }, body)
  expect(registered).toEqual([['describe', 'seeds', { retry: 2 }, body]])
  expect(claims).toMatchObject([{ keys: [] }])
})

test('a key before name, options and function is a key', () => {
  const { serial, claims } = serialWithLog()
  serial.describe('ledger', 'seeds', { retry: 2 }, body)
  expect(registered).toEqual([['describe', 'seeds', { retry: 2 }, body]])
  expect(claims).toMatchObject([{ keys: ['ledger'] }])
})

test('shared claims share', () => {
  const { serial, claims } = serialWithLog()
  ;(serial.shared('ledger') as Registrar)('reads', body)
  serial.shared['describe']?.('ledger', 'reports', body)
  expect(claims).toMatchObject([
    { keys: ['ledger'], mode: 'shared' },
    { keys: ['ledger'], mode: 'shared' },
  ])
})

test('a file is claimed with a key or without', () => {
  const { serial, claims } = serialWithLog()
  serial.file('ledger')
  serial.file()
  expect(claims).toMatchObject([{ keys: ['ledger'] }, { keys: [] }])
})

test('a wrong key is refused where it is written', () => {
  const { serial } = serialWithLog()
  expect(() => serial('')).toThrow('HEDDLE_SERIAL_INVALID')
  expect(() => serial.file(['a', 'a'])).toThrow('HEDDLE_SERIAL_INVALID')
})

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

test('modifiers, also of modifiers and of what calls give, are called as methods of their owner', () => {
  const chain = new Chain()
  const serial = createSerial(hostOf(() => chain.create('test'))) as Registrar
  get(serial, 'only')('b')
  const rows = get(serial, 'only', 'each')([1, 2]) as Registrar
  rows('c')
  get(get(serial, 'skipIf')(true) as Registrar, 'each')([3])
  const kept = get(serial, 'skipIf')(false) as Registrar
  const more = get(kept, 'each')([4]) as Registrar
  more('d')
  expect(chain.calls).toEqual([
    ['test.only', 'b'],
    ['test.only', 'c 1'],
    ['test.only', 'c 2'],
    ['test', 'd 4'],
  ])
})

test('the host is asked for its functions when they are used, not before', () => {
  const serial = createSerial(
    hostOf(() => {
      throw new Error('not configured')
    }),
  ) as Registrar
  expect(() => serial('name', body)).toThrow('not configured')
  expect(() => get(serial, 'only')).toThrow('not configured')
  expect(() => get(serial, 'describe')('name', body)).toThrow('not configured')
})

function hostOf(create: () => Registrar): SerialHost {
  const host: Pick<SerialHost, 'test' | 'describe'> = Object.defineProperties({} as SerialHost, {
    test: { get: create, enumerable: true },
    describe: { get: create, enumerable: true },
  })
  const call: SerialHost['registerTests'] = (_, registrar, args) => registrar(...args)
  const rest = { registerTests: call, registerBlock: call, claimFile: () => undefined }
  return Object.assign(host, { modifiers: ['only', 'skip', 'each', 'skipIf'], ...rest })
}
