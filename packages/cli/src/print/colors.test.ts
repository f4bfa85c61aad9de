import { expect, it } from 'vitest'
import { colorsFor } from './colors.js'

const output = (isTTY: boolean): { isTTY: boolean; write: () => boolean } => ({ isTTY, write: () => true })

it('colours on a terminal', () => {
  expect(colorsFor(output(true), {}).red('x')).toBe('\u001B[31mx\u001B[39m')
})

it.each([
  ['a pipe', false, {}],
  ['NO_COLOR', true, { NO_COLOR: '1' }],
  ['a terminal that cannot', true, { TERM: 'dumb' }],
] as const)('does not colour with %s', (_, isTTY, env) => {
  expect(colorsFor(output(isTTY), env).red('x')).toBe('x')
})

it('takes an empty NO_COLOR for none', () => {
  expect(colorsFor(output(true), { NO_COLOR: '' }).red('x')).not.toBe('x')
})
