/** Settings under which {@link TYPES} are checked and run. */
export const TSCONFIG = JSON.stringify({
  compilerOptions: { module: 'node16', target: 'es2022', strict: true, noEmit: true, isolatedModules: true, types: [] },
  include: ['test/*.ts'],
})

/** A test file that uses every part of the types of `serial`. */
export const TYPES = `import { beforeAll, expect } from '@jest/globals'
import { isSerial, serial, type SerialOptions } from '@heddle/jest'

const options: SerialOptions = { key: 'ledger', scope: 'run', timeoutMs: 1000, onTimeout: 'stop-worker' }
serial('alone', () => {}, 1000)
serial(options)('bound', async () => {})
serial('ledger').each([[1, 'a'], [2, 'b']])('row %d', (n, s) => {
  // @ts-expect-error the rows are typed
  const wrong: string = n
  expect([typeof wrong, typeof s]).toEqual(['number', expect.any(String)])
})
serial.shared(['ledger', 'smtp']).only.each([{ n: 1 }])('object $n', ({ n }) => void n.toFixed())
serial('ledger').skip.failing('failing', () => {})
serial.failing('fails', () => {
  throw new Error('as expected')
})
serial.todo('later')
serial.describe('ledger', 'block', () => { beforeAll(() => {}); serial('z', () => {}) })
serial.describe.each([[1]])('block %d', (n) => serial('x', () => void n.toFixed()))
serial('ledger').describe.skip('block', () => serial('y', () => {}))
// @ts-expect-error a serial test is not concurrent
void (() => serial.concurrent)
// @ts-expect-error misspelt
void (() => serial({ keys: 'ledger' }))
const answer: boolean = isSerial('ledger')
expect(answer).toBe(false)
`
