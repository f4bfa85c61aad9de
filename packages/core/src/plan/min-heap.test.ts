import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createMinHeap, type MinHeap } from './min-heap.js'

const ascending = (a: number, b: number): number => a - b

test('an empty heap gives nothing, again and again', () => {
  const heap = createMinHeap<number>(ascending)
  expect([heap.pop(), heap.pop()]).toEqual([undefined, undefined])
})

test('a heap gives back what was pushed, smallest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (items) => {
      const heap = createMinHeap<number>(ascending)
      for (const item of items) heap.push(item)
      expect(drain(heap)).toEqual([...items].sort(ascending))
    }),
  )
})

test('a heap behaves like a sorted list under any mix of pushes and pops', () => {
  const pop = fc.constant('pop' as const)
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), pop)), (steps) => {
      const heap = createMinHeap<number>(ascending)
      let model: number[] = []
      for (const step of steps) {
        if (step === 'pop') {
          expect(heap.pop()).toBe(model[0])
          model = model.slice(1)
        } else {
          heap.push(step)
          model = [...model, step].sort(ascending)
        }
      }
      expect(drain(heap)).toEqual(model)
    }),
  )
})

test('the comparison alone decides what is smallest', () => {
  const heap = createMinHeap<string>((a, b) => b.length - a.length)
  for (const word of ['a', 'ccc', 'bb']) heap.push(word)
  expect(heap.pop()).toBe('ccc')
})

function drain<T>(heap: MinHeap<T>): T[] {
  const items: T[] = []
  for (let item = heap.pop(); item !== undefined; item = heap.pop()) items.push(item)
  return items
}
