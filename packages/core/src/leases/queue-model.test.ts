import { describe, expect, test } from 'vitest'
import { explore } from '../../fixtures/queue-explorer.js'
import type { Model, Protocol } from '../../fixtures/queue-model.js'
import { aheadOf, mustWithdraw, nextNumber, splitQueue } from './queue.js'

const PROTOCOL: Protocol = {
  aheadOf,
  mustWithdraw,
  nextNumber,
  splitQueue,
  counts: () => true,
  mayReap: (isOwnerDead) => isOwnerDead,
}

const SERIAL: Model = {
  permits: ['all', 'all', 'all'],
  limit: Infinity,
  rounds: 1,
  crashes: 1,
  highest: 5,
  leaps: false,
}

const SMALL: readonly Model[] = [
  { ...SERIAL, permits: ['all', 'all'], rounds: 3, highest: 6, leaps: true },
  { ...SERIAL, crashes: 2 },
  { ...SERIAL, permits: ['all', 1, 1], leaps: true },
  { ...SERIAL, rounds: 2, highest: 4 },
  { ...SERIAL, permits: [1, 1, 1], limit: 1 },
  { ...SERIAL, permits: [1, 2, 1], limit: 2, crashes: 2 },
]

/** Minutes: with HEDDLE_MODEL=full. */
const LARGE: readonly Model[] = [
  { ...SERIAL, rounds: 2 },
  { ...SERIAL, rounds: 2, crashes: 2 },
  { ...SERIAL, permits: [1, 1, 2], limit: 2, rounds: 2 },
  { ...SERIAL, permits: ['all', 1, 2], limit: 2, rounds: 2 },
  { ...SERIAL, rounds: 2, leaps: true },
]

describe('the protocol of the queue', () => {
  test.each(process.env['HEDDLE_MODEL'] === 'full' ? [...SMALL, ...LARGE] : SMALL)(
    'keeps limit and order, and everybody who lives gets through: %j',
    (model) => {
      const { violation, states } = explore(PROTOCOL, model)
      expect(violation).toBeUndefined()
      expect(states).toBeGreaterThan(1000)
    },
    600_000,
  )
})

describe('the model sees what is wrong with a protocol', () => {
  test.each<[string, Partial<Protocol>, RegExp]>([
    ['in which nobody withdraws', { mustWithdraw: () => false }, /gets in beside others|overtakes/],
    [
      'in which joiners withdraw for an equal number only',
      {
        mustWithdraw: (tickets, own) =>
          tickets.some(({ number, owner }) => number === own.number && owner !== own.owner),
      },
      /gets in beside others|overtakes/,
    ],
    ['in which tickets of the living are removed', { mayReap: () => true }, /gets in beside others|overtakes/],
    ['in which tickets that are not final do not count', { counts: (isFinal) => isFinal }, /gets in beside others/],
    [
      'in which a joiner takes the highest number instead of the next one',
      { nextNumber: (tickets, ...draw) => Math.max(1, nextNumber(tickets, ...draw) - 1) },
      /has to withdraw although nobody else moved/,
    ],
    ['in which the dead are never removed', { mayReap: () => false }, /can never finish/],
    [
      'in which light ones pass heavy ones',
      {
        splitQueue: (tickets) => {
          const light = tickets.filter(({ permits }) => permits !== 'all')
          return splitQueue(light.length > 0 ? light : tickets)
        },
      },
      /overtakes|beside/,
    ],
  ])('%s', (_, mutation, what) => {
    const model = { ...SERIAL, permits: ['all', 'all', 1] } as const
    expect(explore({ ...PROTOCOL, ...mutation }, model).violation).toMatchObject({
      what: expect.stringMatching(what),
      path: expect.arrayContaining(['join | join | join']),
    })
  })
})
