import { describe, expect, test } from 'vitest'
import {
  encodeMessage,
  kindOfFirst,
  parametersOf,
  renameStatement,
  statementIn,
  statusAfter,
  WireReader,
  type WireMessage,
} from './wire-messages.js'

const START = encodeMessage('', Buffer.from([0, 3, 0, 0]), 'user', 'postgres', 'application_name', 'shop', '')
const SSL = encodeMessage('', Buffer.from([4, 210, 22, 47]))
const QUERY = encodeMessage('Q', 'select 1')
const NO_TYPES = Buffer.from([0, 0])

describe('WireReader', () => {
  test('cuts a stream that comes byte by byte', () => {
    const reader = new WireReader()
    const stream = Buffer.concat([SSL, START, QUERY, encodeMessage('S')])
    const messages = Array.from(stream, (byte) => reader.read(Buffer.from([byte]))).flat()
    expect(messages.map(({ type }) => type)).toEqual(['', '', 'Q', 'S'])
    expect(Buffer.concat(messages.map(({ bytes }) => bytes))).toEqual(stream)
  })

  test('cuts what comes at once', () => {
    const messages = new WireReader().read(Buffer.concat([START, QUERY, QUERY]))
    expect(messages.map((each) => statementIn(each))).toEqual([undefined, 'select 1', 'select 1'])
  })
})

test('the first message tells what is wanted and who asks', () => {
  expect([SSL, START].map((bytes) => kindOfFirst({ type: '', bytes }))).toEqual(['encrypt', 'start'])
  expect(parametersOf({ type: '', bytes: START })).toEqual({ user: 'postgres', application_name: 'shop' })
})

describe('renameStatement', () => {
  const rename = (name: string): string => `c1_${name}`
  const named = (type: string, ...parts: (string | Buffer)[]): WireMessage => ({
    type,
    bytes: encodeMessage(type, ...parts),
  })

  test.each([
    ['Parse', named('P', 'q', 'select 1', NO_TYPES), named('P', 'c1_q', 'select 1', NO_TYPES)],
    ['Bind', named('B', 'portal', 'q', NO_TYPES), named('B', 'portal', 'c1_q', NO_TYPES)],
    ['Describe', named('D', Buffer.from('S'), 'q'), named('D', Buffer.from('S'), 'c1_q')],
    ['Close', named('C', Buffer.from('S'), 'q'), named('C', Buffer.from('S'), 'c1_q')],
  ])('changes the name in %s', (_, original, renamed) => {
    expect(renameStatement(original, rename)).toEqual(renamed)
  })

  test.each([
    ['a statement without a name', named('P', '', 'select 1', NO_TYPES)],
    ['a portal', named('D', Buffer.from('P'), 'q')],
    ['anything else', named('Q', 'q')],
  ])('leaves %s alone', (_, original) => {
    expect(renameStatement(original, rename)).toEqual(original)
  })
})

test('the end of an answer tells whether a transaction is open', () => {
  const done = encodeMessage('C', 'BEGIN')
  const ready = (status: string): Buffer => Buffer.concat([done, encodeMessage('Z', Buffer.from(status))])
  expect([ready('I'), ready('T'), ready('E'), done, Buffer.alloc(0)].map((reply) => statusAfter(reply))).toEqual([
    'I',
    'T',
    'E',
    undefined,
    undefined,
  ])
})
