import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeFrame, FrameReader } from './frames.js'

test('messages arrive whole and in order, however they are cut', () => {
  const message = fc.anything({ withDate: true, withMap: true, withSet: true, withBigInt: true, withTypedArray: true })
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 5 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(encodeFrame))
        const reader = new FrameReader()
        const received: unknown[] = []
        for (let at = 0; at < bytes.length;) {
          const next = at + (cuts.next().value as number)
          received.push(...reader.push(bytes.subarray(at, next)))
          at = next
        }
        expect(received).toEqual(sent.map((one) => structuredClone(one)))
      },
    ),
  )
})

test('a large message is joined once', () => {
  const bytes = encodeFrame(Buffer.alloc(64 * 1024 * 1024, 7))
  const reader = new FrameReader()
  const startedAt = performance.now()
  const received: unknown[] = []
  for (let at = 0; at < bytes.length; at += 65_536) received.push(...reader.push(bytes.subarray(at, at + 65_536)))
  expect((received[0] as Buffer).length).toBe(64 * 1024 * 1024)
  // To join it at each of 1024 pieces takes half a minute.
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})

test('a function cannot be sent', () => {
  expect(() => encodeFrame({ act: () => 1 })).toThrow('could not be cloned')
})
