import { expect, test } from 'vitest'
import type { CodeObject } from '../code-objects.js'
import type { TableShape, TemplateShape } from '../template-shape.js'
import type { Probe } from './probe.js'
import { planReset } from './reset-plan.js'

const table = (name: string, more: Partial<TableShape> = {}): TableShape => ({
  name,
  create: `CREATE TABLE ${name}`,
  columns: [{ name: 'id', type: 'int' }],
  fingerprint: undefined,
  autoIncrement: '1',
  ...more,
})

const trigger = (name: string, of: string): CodeObject => ({
  kind: 'TRIGGER',
  name,
  table: of,
  create: `CREATE TRIGGER ${name}`,
  sqlMode: undefined,
})

function shapeOf(tables: readonly TableShape[], more: Partial<TemplateShape> = {}): TemplateShape {
  return { database: 'tpl', charset: 'utf8mb4', collation: 'utf8mb4_bin', tables, sequences: [], code: [], ...more }
}

function probeOf(touched: readonly string[], counters: Readonly<Record<string, string>> = {}): Probe {
  const none = { sequences: new Map(), created: new Map(), code: '', now: '', open: [] }
  return { ...none, touched: new Set(touched), counters: new Map(Object.entries({ a: '1', b: '1', ...counters })) }
}

test('nothing was touched, so nothing is done', () => {
  const plan = planReset(shapeOf([table('a'), table('b', { fingerprint: '1:2' })]), probeOf([]))
  expect(plan).toEqual({ cleaned: [], statements: [], triggers: [] })
})

test('a table that was empty is emptied, and only counters that moved are set back', () => {
  const { statements } = planReset(shapeOf([table('a'), table('b')]), probeOf(['a', 'b'], { b: '5' }))
  expect(statements).toEqual(['DELETE FROM `a`', 'TRUNCATE TABLE `b`'])
})

test('a counter that does not begin at 1 is set to where it was', () => {
  const { statements } = planReset(shapeOf([table('a', { autoIncrement: '7' })]), probeOf(['a'], { a: '9' }))
  expect(statements).toEqual(['DELETE FROM `a`', 'ALTER TABLE `a` AUTO_INCREMENT = 7'])
})

test('rows of the template are put back, without triggers, which are created again', () => {
  const shape = shapeOf([table('a', { fingerprint: '1:2' })], { code: [trigger('t', 'a'), trigger('u', 'b')] })
  const plan = planReset(shape, probeOf(['a']))
  expect(plan.statements).toEqual([
    'DROP TRIGGER `t`',
    'START TRANSACTION',
    'DELETE FROM `a`',
    'INSERT INTO `a` (`id`) SELECT `id` FROM `tpl`.`a`',
    'COMMIT',
  ])
  expect(plan.triggers.map(({ name }) => name)).toEqual(['t'])
})

test('rows of all tables are in one commit, before what commits by itself', () => {
  const shape = shapeOf([table('a'), table('b', { fingerprint: '1:2' })])
  const { statements } = planReset(shape, probeOf(['a', 'b'], { a: '2', b: '9' }))
  expect(statements).toEqual([
    'START TRANSACTION',
    'DELETE FROM `b`',
    'INSERT INTO `b` (`id`) SELECT `id` FROM `tpl`.`b`',
    'COMMIT',
    'TRUNCATE TABLE `a`',
    'ALTER TABLE `b` AUTO_INCREMENT = 1',
  ])
})

test('an empty table with triggers is truncated: that fires none', () => {
  const shape = shapeOf([table('a', { autoIncrement: '3' })], { code: [trigger('t', 'a')] })
  const { statements, triggers } = planReset(shape, probeOf(['a'], { a: '3' }))
  expect(statements).toEqual(['TRUNCATE TABLE `a`', 'ALTER TABLE `a` AUTO_INCREMENT = 3'])
  expect(triggers).toEqual([])
})

test('sequences go on where they did', () => {
  const shape = shapeOf([], { sequences: [{ name: 's', create: '', next: '5' }] })
  const plan = planReset(shape, { ...probeOf([]), sequences: new Map([['s', '9']]) })
  expect(plan).toMatchObject({ cleaned: ['s'], statements: ['ALTER SEQUENCE `s` RESTART 5'] })
})
