import { expect, test } from 'vitest'
import { parametersOf } from './sql-parameters.js'

const tag = (strings: TemplateStringsArray, ...values: readonly unknown[]) => parametersOf(strings, values)

test('values become parameters, so nothing in them is taken for SQL', () => {
  expect(tag`select * from users where id = ${5} and name = ${"'; drop table users"}`).toEqual({
    sql: 'select * from users where id = $1 and name = $2',
    parameters: [5, "'; drop table users"],
  })
})

test('without values there are no parameters, and several statements may be sent', () => {
  expect(tag`select 1; select 2`).toEqual({ sql: 'select 1; select 2', parameters: undefined })
})
