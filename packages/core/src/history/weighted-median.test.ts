import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { median, weightedMedian } from './weighted-median.js'

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true })
const weight = fc.double({ min: 0.01, max: 1, noNaN: true })
const sample = fc.record({ value, weight })
const samples = fc.array(sample, { minLength: 1, maxLength: 12 })
type Sample = { readonly value: number; readonly weight: number }
const medianOf = (list: readonly Sample[]): number =>
  weightedMedian(
    list.map((one) => one.value),
    list.map((one) => one.weight),
  )

test('two equal samples meet in the middle', () => {
  expect(weightedMedian([1, 3], [1, 1])).toBe(2)
})

test('one wild value among three changes nothing', () => {
  expect(weightedMedian([1, 2, 100], [1, 1, 1])).toBe(2)
})

test('a heavier sample pulls the median, but does not rule alone', () => {
  const result = weightedMedian([10, 20], [3, 1])
  expect(result).toBeGreaterThanOrEqual(10)
  expect(result).toBeLessThan(15)
})

test('a sample with more than half of the weight on its side bounds the median', () => {
  expect(weightedMedian([5, 1, 9], [10, 1, 1])).toBe(5)
})

test('a single value is its own median, and none have none', () => {
  expect(weightedMedian([7], [0.3])).toBe(7)
  expect(weightedMedian([], [1])).toBeNaN()
  expect(median([])).toBeNaN()
})

test('surplus weights are ignored', () => {
  expect(weightedMedian([1, 3], [1, 1, 100])).toBe(2)
})

test('the weighted median lies between the smallest and the largest value', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const values = list.map((one) => one.value)
      expect(medianOf(list)).toBeGreaterThanOrEqual(Math.min(...values) - 1e-6)
      expect(medianOf(list)).toBeLessThanOrEqual(Math.max(...values) + 1e-6)
    }),
  )
})

test('at most half of the weight lies strictly on either side', () => {
  fc.assert(
    fc.property(samples, (list) => {
      const middle = medianOf(list)
      const total = list.reduce((sum, one) => sum + one.weight, 0)
      const sideOf = (isThere: (one: Sample) => boolean): number =>
        list.filter(isThere).reduce((sum, one) => sum + one.weight, 0)
      const heaviest = Math.max(...list.map((one) => one.weight))
      // Interpolation may leave half of one sample more on a side.
      expect(sideOf((one) => one.value < middle - 1e-6)).toBeLessThanOrEqual(total / 2 + heaviest / 2 + 1e-6)
      expect(sideOf((one) => one.value > middle + 1e-6)).toBeLessThanOrEqual(total / 2 + heaviest / 2 + 1e-6)
    }),
  )
})

test('the order of the samples does not matter', () => {
  const shuffled = fc
    .uniqueArray(sample, { selector: (one) => one.value, minLength: 1, maxLength: 12 })
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  fc.assert(
    fc.property(shuffled, ([list, others]) => {
      expect(medianOf(others)).toBeCloseTo(medianOf(list), 3)
    }),
  )
})

test('equal weights give the plain median', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 12 }), (values) => {
      const equal = values.map(() => 1)
      expect(weightedMedian(values, equal)).toBeCloseTo(median(values), 3)
    }),
  )
})

test('the plain median sorts by value, not by text', () => {
  expect(median([10, 9, 1])).toBe(9)
  expect(median([10, 2])).toBe(6)
})
