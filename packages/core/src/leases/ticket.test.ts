import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aTicket, tickets } from '../../fixtures/tickets.js'
import { isSameTicket, MAX_NUMBER, parseTicketName, ticketName } from './ticket.js'

describe('ticketName and parseTicketName', () => {
  test('every ticket comes back from its name', () => {
    fc.assert(
      fc.property(tickets(), (ticket) => {
        expect(parseTicketName(ticketName(ticket))).toEqual(ticket)
      }),
    )
  })

  test('a ticket always has the name that it was read from, so that it can be removed', () => {
    const part = fc.constantFrom('0', '1', '07', '12', 'all', 'inf', 'l-a-b-1', 'x', '')
    const name = fc.array(part, { minLength: 5, maxLength: 5 }).map((parts) => parts.join('_'))
    fc.assert(
      fc.property(name, (text) => {
        const ticket = parseTicketName(text)
        if (ticket !== undefined) expect(ticketName(ticket)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  test('tickets have names that every file system can tell apart', () => {
    fc.assert(
      fc.property(tickets(), (ticket) => {
        expect(ticketName(ticket)).toMatch(/^[0-9a-z_-]{9,255}$/)
      }),
    )
  })

  test.each([
    '',
    '.',
    'lock',
    '.DS_Store',
    '1_all_inf_owner_x~done',
    '1_all_inf_owner_x\n',
    ' 1_all_inf_owner_x',
    '1_all_inf_owner',
    '1_all_inf_owner_x_y',
    '1_all_inf_Owner_x',
    '1_all_inf__x',
    '1_all_inf_owner_',
    '1_all_inf_own.er_x',
    '1_all_inf_../owner_x',
    '0_all_inf_owner_x',
    '-1_all_inf_owner_x',
    '1.5_all_inf_owner_x',
    '1e3_all_inf_owner_x',
    '01_all_inf_owner_x',
    '1_0_inf_owner_x',
    '1_01_inf_owner_x',
    '1_inf_inf_owner_x',
    '1_1_0_owner_x',
    '1_1_02_owner_x',
    '1_1_all_owner_x',
    '1000000000000000_all_inf_owner_x',
    '1_1000000000_inf_owner_x',
    '1_1_1000000000_owner_x',
    `1_all_inf_${'o'.repeat(121)}_x`,
    `1_all_inf_owner_${'x'.repeat(41)}`,
  ])('%j is no ticket', (name) => {
    expect(parseTicketName(name)).toBeUndefined()
  })

  test('any text is read without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(() => parseTicketName(text)).not.toThrow()
      }),
    )
  })

  test('the greatest number, permits and limit are read exactly', () => {
    expect(parseTicketName(`${MAX_NUMBER}_999999999_999999999_owner_x`)).toEqual({
      number: 999_999_999_999_999,
      permits: 999_999_999,
      limit: 999_999_999,
      owner: 'owner',
      unique: 'x',
    })
    expect(Number.isSafeInteger(MAX_NUMBER + 2 ** 20)).toBe(true)
  })
})

describe('isSameTicket', () => {
  test('owner and uniqueness make a ticket, whatever else is said of it', () => {
    const ticket = aTicket(1, 'all', { owner: 'a', unique: 'x' })
    expect(isSameTicket(ticket, aTicket(2, 3, { owner: 'a', unique: 'x', limit: 4 }))).toBe(true)
    expect(isSameTicket(ticket, aTicket(1, 'all', { owner: 'b', unique: 'x' }))).toBe(false)
    expect(isSameTicket(ticket, aTicket(1, 'all', { owner: 'a', unique: 'y' }))).toBe(false)
  })
})
