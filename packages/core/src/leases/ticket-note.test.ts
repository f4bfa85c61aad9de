import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatNote, parseNote, type TicketNote } from './ticket-note.js'

const NOTE: TicketNote = {
  name: 'ledger "of" 2026',
  scope: 'workspace',
  file: 'tests/ledger.test.ts',
  test: 'closes the year\n',
  run: 'run-1',
  pid: 5120,
  cwd: '/repo',
}

describe('parseNote', () => {
  test('reads what formatNote wrote', () => {
    expect(parseNote(formatNote(NOTE))).toEqual(NOTE)
    expect(parseNote(formatNote({}))).toEqual({})
  })

  test('what is written ends with a line break, for people who read it in a terminal', () => {
    expect(formatNote(NOTE)).toMatch(/^\{.*\}\n$/)
  })

  test.each(['', '\n', '{', '{"pid":', 'null', '[]', '42', '"note"', 'true', '\0\0\0', '<html>', '{"pid":1}{"pid":2}'])(
    'nothing is read from %j',
    (text) => {
      expect(parseNote(text)).toEqual({})
    },
  )

  test('every prefix of a note, as of a file half written, is read without an error', () => {
    const text = formatNote(NOTE)
    for (let end = 0; end < text.length - 2; end++) expect(parseNote(text.slice(0, end))).toEqual({})
  })

  test('any text is read without an error', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.json())
    fc.assert(
      fc.property(texts, (text) => {
        expect(() => parseNote(text)).not.toThrow()
      }),
    )
  })

  test('fields of other types, unknown scopes and unknown fields are left out', () => {
    const text = JSON.stringify({
      name: 1,
      scope: 'galaxy',
      file: null,
      test: [],
      run: {},
      pid: '1',
      cwd: 0,
      a: 1,
    })
    expect(parseNote(text)).toEqual({})
    expect(parseNote('{"pid":1e999,"test":"kept"}')).toEqual({ test: 'kept' })
    expect(Object.keys(parseNote('{"surprise":1}'))).not.toContain('surprise')
  })
})
