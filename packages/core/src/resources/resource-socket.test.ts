import { expect, test } from 'vitest'
import { resourceSocketOf } from './resource-socket.js'

const NAME = 'r-0123456789'

test('it lies in the directory of the run', () => {
  const dir = `/tmp/heddle-0/${NAME}`
  expect(resourceSocketOf(dir, 'linux', '/tmp/heddle-0')).toEqual({ path: `${dir}/s/resources`, above: dir })
})

test('where that is too long for a socket, it lies in its twin', () => {
  const dir = `/tmp/${'x'.repeat(80)}/heddle-0/${NAME}`
  expect(resourceSocketOf(dir, 'linux', '/tmp/heddle-0')).toEqual({
    path: `/tmp/heddle-0/${NAME}/s/resources`,
    above: `/tmp/heddle-0/${NAME}`,
  })
})

test('on Windows it is a pipe', () => {
  expect(resourceSocketOf(`C:/Temp/${NAME}`, 'win32')).toEqual({
    path: `\\\\.\\pipe\\heddle-${NAME}`,
    above: undefined,
  })
})
