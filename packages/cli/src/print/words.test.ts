import { expect, it } from 'vitest'
import { atMost, formatAge, formatBytes, formatSpan, formatTime, oneLine, percent, plural } from './words.js'

it('counts in the singular and the plural', () => {
  expect([0, 1, 2].map((count) => plural(count, 'file'))).toEqual(['0 files', '1 file', '2 files'])
})

it('rounds shares to a tenth of a percent', () => {
  expect(percent(0.12345)).toBe('12.3%')
})

it('gives ages in the largest whole unit', () => {
  const minute = 60_000
  expect([30_000, minute, 59 * minute, 60 * minute, 47 * 60 * minute, 72 * 60 * minute].map(formatAge)).toEqual([
    'just now',
    '1 min ago',
    '59 min ago',
    '1 h ago',
    '1 d ago',
    '3 d ago',
  ])
})

it('does not fail on a clock that went back', () => {
  expect(formatAge(-5000)).toBe('just now')
})

it('gives spans in whole seconds, long ones in minutes or hours', () => {
  const second = 1000
  expect([-1, 999, 59.9 * second, 60 * second, 3599 * second, 3600 * second, 93_780 * second].map(formatSpan)).toEqual([
    '0 s',
    '0 s',
    '59 s',
    '1 min 00 s',
    '59 min 59 s',
    '1 h 00 min',
    '26 h 03 min',
  ])
})

it('keeps the words of others from moving the cursor', () => {
  expect(oneLine('a\r\n\u001B[2Jb')).toBe('a [2Jb')
})

it('gives times in UTC', () => {
  expect(formatTime(Date.UTC(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 03:04')
})

it('counts the end of a long list', () => {
  const items = Array.from({ length: 22 }, (_, i) => i)
  expect(atMost(items.slice(0, 20), String)).toHaveLength(20)
  expect(atMost(items, String).slice(-2)).toEqual(['19', '… and 2 more'])
})

it('gives sizes in the largest unit, with a decimal where there is one digit', () => {
  expect([0, 999, 1000, 8_149_000, 640_000, 12_345_678_900].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '8.1 MB',
    '640 kB',
    '12 GB',
  ])
})
