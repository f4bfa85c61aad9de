import { expect, test } from 'vitest'
import { framesOf, hideOwnFrames } from './own-frames.js'

test('a place begins with the line of the user, and gets its message late', () => {
  const stack = ['Error: ', '    at /heddle/dist/serial.js:1:2', '    at /repo/a.test.js:3:4', '    at /jest/x.js:5:6']
  const place = Object.assign(new Error(''), { stack: stack.join('\n') })
  hideOwnFrames(place, ['/heddle/dist'])
  place.message = 'thrown: "no"'
  expect(place.stack).toBe('Error: thrown: "no"\n    at /repo/a.test.js:3:4\n    at /jest/x.js:5:6')
  place.stack = 'replaced'
  expect(place.stack).toBe('replaced')
})

test('frames are told from the lines of a message', () => {
  expect(framesOf('Error: one\nat two\n    at /repo/a.test.js:3:4')).toEqual(['    at /repo/a.test.js:3:4'])
})
