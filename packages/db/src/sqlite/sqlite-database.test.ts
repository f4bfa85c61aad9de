import { expect, test } from 'vitest'
import { attachTemplate } from './sqlite-database.js'

test('a template that has gone is told, and not made an empty one, which SQLite would do', () => {
  const asked: string[] = []
  const connection = {
    client: {},
    protect: () => undefined,
    exec: (sql: string) => void asked.push(sql),
    all: (sql: string) => {
      asked.push(sql)
      return []
    },
    close: () => undefined,
  }
  expect(() => attachTemplate(connection, '/nowhere/hdl_tpl_0123456789.db')).toThrow(
    /^HEDDLE_RESOURCE_FAILED: Cannot copy "\/nowhere\/hdl_tpl_0123456789.db": it has gone.*\nFix: run the tests again/,
  )
  expect(asked).toEqual([])
})
