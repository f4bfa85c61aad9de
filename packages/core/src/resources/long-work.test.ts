import { setTimeout as delay } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { LongWork } from './long-work.js'

test('what is over soon is not told', async () => {
  const lines: string[] = []
  const work = new LongWork((line) => lines.push(line), { firstMs: 200, againMs: 10 })
  expect(await work.during('x', () => 7)).toBe(7)
  await expect(work.during('x', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await delay(300)
  expect(lines).toEqual([])
})

test('what takes long is told again and again, once for all who do the same', async () => {
  const lines: string[] = []
  const work = new LongWork((line) => lines.push(line), { firstMs: 10, againMs: 10 })
  let isOver = false
  const wait = async () => vi.waitFor(() => expect(isOver).toBe(true), 10_000)
  const all = ['a is made', 'a is made', 'b is made'].map((what) => work.during(what, wait))
  await vi.waitFor(() => expect(lines.length).toBeGreaterThan(5), 10_000)
  isOver = true
  await Promise.all(all)
  expect(lines.slice(0, 2).sort()).toEqual(['a is made, for 0 s so far', 'b is made, for 0 s so far'])
  const { length } = lines
  await delay(50)
  expect(lines.length).toBe(length)
})
