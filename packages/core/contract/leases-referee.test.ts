import { expect, test } from 'vitest'
import { violationsOf, type LeaseEvent } from './lease-referee.js'
import { Scene } from './lease-scene.js'

/** A forged log: `<event> <actor> <request> [<name>:<permits>:<limit>]` per line. */
function log(...lines: readonly string[]): LeaseEvent[] {
  return lines.map((line, atMs) => {
    const [event = '', actor = '', request = '-', want] = line.split(' ')
    const [name = '', permits, limit] = want?.split(':') ?? []
    const wants = want === undefined ? [] : [{ name, permits: numberOf(permits), limit: numberOf(limit) }]
    return { atMs, event, actor, request, wants }
  })
}

function numberOf(text: string | undefined): number {
  return text === 'all' || text === 'inf' ? Infinity : Number(text)
}

const A_HOLDS = ['join a a/1 x:all:inf', 'placed a a/1', 'begin a a/1']

test('the referee accepts one after the other', () => {
  expect(violationsOf(log(...A_HOLDS, 'join b b/1 x:all:inf', 'end a a/1', 'begin b b/1', 'end b b/1'))).toEqual([])
})

test('the referee sees two exclusive holders', () => {
  const events = log(...A_HOLDS, 'join b b/1 x:all:inf', 'begin b b/1', 'end a a/1', 'end b b/1')
  expect(violationsOf(events)).toEqual(['overlap: b/1 began "x" beside a/1'])
})

test('the referee sees a shared holder beside an exclusive one', () => {
  const events = log(...A_HOLDS, 'join b b/1 x:1:inf', 'begin b b/1', 'end a a/1', 'end b b/1')
  expect(violationsOf(events)).toEqual(['overlap: b/1 began "x" beside a/1'])
})

test('the referee sees more than the limit, and not less', () => {
  const two = ['join a a/1 x:2:3', 'begin a a/1']
  const rest = ['begin b b/1', 'end a a/1', 'end b b/1']
  expect(violationsOf(log(...two, 'join b b/1 x:1:3', ...rest))).toEqual([])
  expect(violationsOf(log(...two, 'join b b/1 x:2:3', ...rest))).toEqual(['overlap: b/1 began "x" beside a/1'])
})

test('the referee tells resources apart', () => {
  expect(violationsOf(log(...A_HOLDS, 'join b b/1 y:all:inf', 'begin b b/1', 'end a a/1', 'end b b/1'))).toEqual([])
})

const B_THEN_C = ['join b b/1 x:all:inf', 'placed b b/1', 'join c c/1 x:all:inf', 'placed c c/1']
const C_FIRST = ['end a a/1', 'begin c c/1', 'end c c/1', 'begin b b/1', 'end b b/1']

test('the referee sees who is overtaken', () => {
  const events = log(...A_HOLDS, ...B_THEN_C, ...C_FIRST)
  expect(violationsOf(events)).toEqual(['order: c/1 began "x" before b/1'])
})

test('the referee sees who is overtaken by one that fits although it does not itself', () => {
  const heavy = ['join b b/1 x:3:3', 'placed b b/1', 'join c c/1 x:1:3', 'begin c c/1', 'end c c/1', 'end a a/1']
  const events = log('join a a/1 x:1:3', 'begin a a/1', ...heavy, 'begin b b/1', 'end b b/1')
  expect(violationsOf(events)).toEqual(['order: c/1 began "x" before b/1'])
})

test('the referee holds no order against those who came at the same time, are let in together, or lost their ticket', () => {
  const unordered = ['join b b/1 x:all:inf', 'join c c/1 x:all:inf', 'placed b b/1', 'placed c c/1']
  expect(violationsOf(log(...A_HOLDS, ...unordered, ...C_FIRST))).toEqual([])
  const together = B_THEN_C.map((line) => line.replace('all:inf', '1:inf'))
  expect(violationsOf(log(...A_HOLDS, ...together, ...C_FIRST))).toEqual([])
  expect(violationsOf(log(...A_HOLDS, ...B_THEN_C, 'robbed a b/1', ...C_FIRST))).toEqual([])
})

test('the referee sees who never ends and who fails', () => {
  expect(violationsOf(log(...A_HOLDS))).toEqual(['unfinished: a/1'])
  expect(violationsOf(log(...A_HOLDS, 'failed a a/1'))).toEqual(['failed: a/1'])
})

test('the killed hold until they are struck, and as long as they still write', () => {
  const next = ['join b b/1 x:all:inf', 'begin b b/1', 'end b b/1']
  expect(violationsOf(log(...A_HOLDS, 'kill a', ...next))).toEqual([])
  expect(violationsOf(log(...A_HOLDS, ...next, 'kill a'))).toEqual(['overlap: b/1 began "x" beside a/1'])
  expect(violationsOf(log(...A_HOLDS, 'kill a', ...next, 'join a a/2 y:all:inf'))).toEqual([
    'overlap: b/1 began "x" beside a/1',
  ])
})

test('who is struck twice may have died of the first', () => {
  expect(violationsOf(log(...A_HOLDS, 'kill a', 'join b b/1 x:all:inf', 'begin b b/1', 'kill a', 'end b b/1'))).toEqual(
    [],
  )
})

test('a killed process takes its threads with it', () => {
  const threads = A_HOLDS.map((line) => line.replace(' a ', ' h1.w1 '))
  expect(violationsOf(log(...threads, 'kill h1'))).toEqual([])
  const others = A_HOLDS.map((line) => line.replace(' a ', ' h10.w1 '))
  expect(violationsOf(log(...others, 'kill h1'))).toEqual(['unfinished: a/1'])
})

test('the referee sees a process that enters without a lease', async () => {
  const scene = new Scene()
  await scene.play('holder', "await me.section('ledger', () => heard('end intruder'))", 'begin')
  scene.start('intruder', "await me.intrude('ledger')")
  await scene.ended()
  expect(violationsOf(scene.events)).toEqual(['overlap: intruder/0 began "ledger" beside holder/0'])
})
