import { expect, test } from 'vitest'
import { fileClaimOf } from './file-claim.js'

test.each([
  [`serial.file('ledger')`, ['ledger']],
  [`serial.file("ledger");`, ['ledger']],
  ['serial.file(`ledger`)', ['ledger']],
  [`  await serial.file('ledger') // why`, ['ledger']],
  [`import { serial } from '@heddle/vitest'\r\nserial.file('ledger')\r\n`, ['ledger']],
  [`serial.file(['ledger', "smtp"])`, ['ledger', 'smtp']],
  [`serial.file([\n  'ledger',\n  'smtp',\n])`, ['ledger', 'smtp']],
  ['serial.file()', []],
  [`/** @serial ledger */`, ['ledger']],
  [`/**\n * What it is for.\n * @serial ledger smtp\n */\nimport 'x'`, ['ledger', 'smtp']],
  [`#!/usr/bin/env node\n// @serial ledger, smtp\n`, ['ledger', 'smtp']],
  ['/* @serial */', []],
  ['/** @jest-environment node\n * @serial\n */', []],
])('%j claims the whole file', (source, keys) => {
  expect(fileClaimOf(source)).toMatchObject({ keys, mode: 'exclusive', scope: 'workspace' })
})

test.each([`serial.shared.file('ledger')`, '// @serial-shared ledger'])('%j shares it', (source) => {
  expect(fileClaimOf(source)).toMatchObject({ keys: ['ledger'], mode: 'shared' })
})

test.each([
  '',
  `import { test } from 'vitest'`,
  `serial('ledger')('closes', () => {})`,
  `const x = serial.file`,
  `serial.file(KEY)`,
  'serial.file(`${KEY}`, "a" + b)',
  `// serial.file('ledger')`,
  `import 'x'\n/** @serial ledger */`,
  `/** about @serialization of things */`,
  `/** see the @serial pragma`,
])('%j claims nothing that can be read', (source) => {
  expect(fileClaimOf(source)).toBeUndefined()
})

test('a wrong claim is an error', () => {
  expect(() => fileClaimOf(`serial.file(['a', 'a'])`)).toThrow('HEDDLE_SERIAL_INVALID')
})
