import { claimOf, serialOf, type HeldClaim } from '@heddle/core/serial'
import { expect, test } from 'vitest'
import { Block } from '../fixtures/circus.js'
import { KeptClaims } from './kept-claims.js'

/** Claims that can be taken, and which of them are taken now. */
class Ledger {
  readonly taken: string[] = []
  readonly errors: unknown[] = []
  readonly kept = new KeptClaims((error) => this.errors.push(error))

  take(name: string, failure?: Error): () => Promise<HeldClaim> {
    return async () => {
      this.taken.push(name)
      return {
        claim: claimOf(name, 'exclusive'),
        waitedMs: 0,
        release: async () => {
          this.taken.splice(this.taken.indexOf(name), 1)
          if (failure !== undefined) throw failure
        },
      }
    }
  }
}

test('gives back when the owner is done', async () => {
  const { kept, taken, take } = bound(new Ledger())
  const one = new Block().test('books')
  await kept.keep(one, take('ledger'))
  expect(kept.active.map((claim) => serialOf(claim)?.keys)).toEqual([['ledger']])
  kept.begin(one)()
  expect(taken).toEqual(['ledger'])
  await kept.done(one)
  expect(taken).toEqual([])
  expect(kept.active).toEqual([])
})

test('keeps what a test holds whose function still runs, though it is no longer active', async () => {
  const { kept, taken, take } = bound(new Ledger())
  const one = new Block().test('books')
  await kept.keep(one, take('ledger'))
  const end = kept.begin(one)
  expect(kept.isRunning(one)).toBe(true)
  await kept.done(one)
  expect(taken).toEqual(['ledger'])
  expect(kept.active).toEqual([])
  await kept.end()
  expect(kept.left.map(({ test: { name }, claim }) => [name, serialOf(claim)?.keys])).toEqual([['books', ['ledger']]])
  end()
  expect(kept.isRunning(one)).toBe(false)
  await expect.poll(() => taken).toEqual([])
  expect(kept.left).toEqual([])
})

test('a retry goes on with what its last attempt still holds', async () => {
  const { kept, taken, take } = bound(new Ledger())
  const one = new Block().test('books')
  await kept.keep(one, take('ledger'))
  const end = kept.begin(one)
  await kept.done(one)
  await kept.keep(one, take('ledger'))
  end()
  await Promise.resolve()
  expect(taken).toEqual(['ledger'])
  await kept.done(one)
  expect(taken).toEqual([])
})

test('a block and the file wait for the functions inside of them alone', async () => {
  const { kept, taken, take } = bound(new Ledger())
  const root = new Block()
  const block = root.describe('migrations')
  await kept.keep(undefined, take('file'))
  await kept.keep(block, take('block'))
  const endInside = kept.begin(block.describe('deep').test('inside'))
  const endBeside = kept.begin(root.test('beside'))
  await kept.done(block)
  await kept.done(undefined)
  expect(taken).toEqual(['file', 'block'])
  endInside()
  await expect.poll(() => taken).toEqual(['file'])
  endBeside()
  await expect.poll(() => taken).toEqual([])
})

test('the end of the file gives back what nobody gave back', async () => {
  const { kept, taken, take } = bound(new Ledger())
  await kept.keep(new Block().test('interrupted'), take('ledger'))
  await kept.end()
  expect(taken).toEqual([])
})

test('a loss is told to whoever is done, or to nobody in particular after that', async () => {
  const ledger = new Ledger()
  const { kept, taken, errors } = ledger
  const [one, two] = [new Block().test('one'), new Block().test('two')]
  const loss = new Error('lost')
  await kept.keep(one, ledger.take('one', loss))
  await expect(kept.done(one)).rejects.toBe(loss)
  await kept.keep(two, ledger.take('two', loss))
  const end = kept.begin(two)
  await kept.done(two)
  end()
  await expect.poll(() => errors).toEqual([loss])
  expect(taken).toEqual([])
})

function bound(ledger: Ledger) {
  return { kept: ledger.kept, taken: ledger.taken, take: (name: string) => ledger.take(name) }
}
