import { expect, test } from 'vitest'
import { createSlotClock } from './slot-clock.js'

test('counts the start of the worker, from the moment the slot was free', () => {
  const clock = createSlotClock(1)
  clock.open(100)
  clock.start('a', 300)
  expect(clock.end('a', 1000)).toBe(900)
})

test('gives each file the slot that was freed first', () => {
  const clock = createSlotClock(2)
  clock.open(0)
  clock.start('a', 10)
  clock.start('b', 12)
  expect(clock.end('a', 100)).toBe(100)
  clock.start('c', 130)
  expect(clock.end('b', 200)).toBe(200)
  clock.start('d', 220)
  expect(clock.end('d', 300)).toBe(100)
  expect(clock.end('c', 400)).toBe(300)
})

test('charges nobody for the time in which the host waited for a whole group', () => {
  const clock = createSlotClock(2)
  clock.open(0)
  clock.start('long', 0)
  clock.start('short', 0)
  clock.end('short', 10)
  clock.end('long', 1000)
  clock.start('next group 1', 1050)
  clock.start('next group 2', 1050)
  expect(clock.end('next group 1', 1100)).toBe(100)
  expect(clock.end('next group 2', 1200)).toBe(200)
})

test('starts a file at once when more run than it knows of', () => {
  const clock = createSlotClock(1)
  clock.open(0)
  clock.start('a', 10)
  clock.start('b', 20)
  expect(clock.end('b', 50)).toBe(30)
})

test('does not move slots that are taken when it opens again', () => {
  const clock = createSlotClock(1)
  clock.open(0)
  clock.start('a', 10)
  clock.open(500)
  expect(clock.end('a', 1000)).toBe(1000)
})

test('knows nothing of a file that never started', () => {
  expect(createSlotClock(1).end('a', 10)).toBeUndefined()
})

test('a file whose slot is known from the beginning has had it since then', () => {
  const clock = createSlotClock(1)
  clock.open(0)
  clock.admit('a', 100)
  clock.start('a', 400)
  clock.admit('b', 450)
  expect(clock.end('a', 700)).toBe(600)
  clock.start('b', 800)
  expect(clock.end('b', 1000)).toBe(550)
})
