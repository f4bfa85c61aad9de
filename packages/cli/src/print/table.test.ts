import { expect, it } from 'vitest'
import { formatTable } from './table.js'

it('aligns columns with two spaces between and none at the ends', () => {
  const columns = [
    { title: 'MS', align: 'right' },
    { title: 'FILE', align: 'left' },
  ] as const
  expect(
    formatTable(columns, [
      ['5', 'a.test.ts'],
      ['12345', 'b'],
    ]),
  ).toBe(['   MS  FILE', '    5  a.test.ts', '12345  b', ''].join('\n'))
})

it('never cuts a long path', () => {
  const path = 'packages/'.repeat(40)
  expect(formatTable([{ title: 'FILE', align: 'left' }], [[path]])).toContain(path)
})
