import { expect, test } from 'vitest'
import { newMarker, type Marker } from '../common/marker.js'
import { keptName, parseName, slotName, templateName, testName, workerName } from '../common/names.js'
import { lockKey, type LockPurpose } from './lock-key.js'
import type { OwnDatabase } from './own-database.js'
import { planSweep, type SweepScene } from './plan-sweep.js'

const NOW = Date.parse('2026-11-21T12:00:00Z')
const DAY = 24 * 60 * 60 * 1000
const HOST = 'here'
const DEAD_PID = 7

function database(name: string, marker: Partial<Marker> = {}, isFinished = false): OwnDatabase {
  const parts = parseName(name)
  if (parts === undefined) throw new Error(name)
  const maker = { run: parts.key, pid: DEAD_PID, host: HOST }
  return {
    name,
    parts,
    marker: newMarker(parts.kind, maker, { at: agoOf(0), ...marker }),
    isFinished,
    isTemplate: isFinished,
    isBroken: false,
    sessions: 0,
    bytes: undefined,
  }
}

const agoOf = (ms: number): string => new Date(NOW - ms).toISOString()
const template = (hash: string, ageMs = 0, owner = 'me'): OwnDatabase =>
  database(templateName(hash), { at: agoOf(ageMs), usedAt: agoOf(ageMs), owner }, true)

function sweptOf(
  databases: readonly OwnDatabase[],
  held: readonly [LockPurpose, string][] = [],
): Record<string, string> {
  const scene: SweepScene = {
    databases,
    held: new Set(held.map(([purpose, name]) => lockKey(purpose, name))),
    now: NOW,
    host: HOST,
    isAlive: (pid) => pid !== DEAD_PID,
  }
  return Object.fromEntries(planSweep(scene).map(({ database: { name }, why }) => [name, why]))
}

test('databases of workers and tests go with their run', () => {
  const names = [workerName('aaaaaa', 1), testName('aaaaaa', 9)]
  const databases = names.map((name) => database(name))
  expect(sweptOf(databases)).toEqual({ [names[0] ?? '']: 'dead', [names[1] ?? '']: 'dead' })
  expect(sweptOf(databases, [['run', 'aaaaaa']])).toEqual({})
})

test.each([
  ['its process is there', { pid: 8 }],
  ['it is of another machine', { host: 'there' }],
])('a run without its lock is doubtful where %s', (_, marker) => {
  const name = workerName('aaaaaa', 1)
  expect(sweptOf([database(name, marker)])).toEqual({ [name]: 'doubtful' })
})

test('what was made and not yet marked is doubtful', () => {
  const name = testName('aaaaaa', 1)
  expect(sweptOf([{ ...database(name), marker: undefined }])).toEqual({ [name]: 'doubtful' })
})

test('a template that is not whole goes unless somebody is making it', () => {
  const half = database(templateName('aaaaaaaaaa'))
  expect(sweptOf([half])).toEqual({ [half.name]: 'dead' })
  expect(sweptOf([half], [['build', 'aaaaaaaaaa']])).toEqual({})
})

test('a template goes when three newer ones of its resource are there, or after two weeks; not while it is used', () => {
  const hashes = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(10))
  const templates = hashes.map((hash, i) => template(hash, i * 1000))
  const oldest = templateName('d'.repeat(10))
  expect(sweptOf(templates)).toEqual({ [oldest]: 'old' })
  expect(sweptOf(templates, [['use', 'd'.repeat(10)]])).toEqual({})
  expect(sweptOf([...templates.slice(0, 3), template('e'.repeat(10), 5000, 'others')])).toEqual({})
  expect(sweptOf([template('f'.repeat(10), 13 * DAY)])).toEqual({})
  expect(sweptOf([template('f'.repeat(10), 15 * DAY)])).toEqual({ [templateName('f'.repeat(10))]: 'old' })
})

test('a slot goes with its template, or when it was not used for a week; not while it is leased', () => {
  const whole = template('a'.repeat(10))
  const id = `${whole.name}@${whole.marker?.at}`
  const name = slotName('a'.repeat(10), 1)
  const slot = database(name, { template: id })
  expect(sweptOf([whole, slot])).toEqual({})
  expect(sweptOf([slot])).toEqual({ [name]: 'old' })
  expect(sweptOf([slot], [['slot', name]])).toEqual({})
  expect(sweptOf([whole, database(name, { template: `${id}-earlier` })])).toEqual({ [name]: 'old' })
  expect(sweptOf([whole, database(name, { template: id, usedAt: agoOf(8 * DAY) })])).toEqual({ [name]: 'old' })
})

test('a slot goes at once with a template that goes', () => {
  const old = template('a'.repeat(10), 15 * DAY)
  const slot = database(slotName('a'.repeat(10), 1), { template: `${old.name}@${old.marker?.at}` })
  expect(sweptOf([old, slot])).toEqual({ [old.name]: 'old', [slot.name]: 'old' })
})

test('what was being removed goes, whatever it was', () => {
  const whole = template('a'.repeat(10))
  const names = [slotName('a'.repeat(10), 1), keptName('aaaaaa', 1), workerName('aaaaaa', 1)]
  const broken = names.map((name) => ({
    ...database(name, { template: `${whole.name}@${whole.marker?.at}` }),
    isBroken: true,
  }))
  expect(Object.keys(sweptOf([whole, ...broken])).toSorted()).toEqual(names.toSorted())
})

test('copies of failed tests last for three runs and two days', () => {
  const keys = ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd']
  const copies = keys.flatMap((key, i) =>
    [1, 2].map((number) => database(keptName(key, number), { at: agoOf(i * 1000), owner: 'me' })),
  )
  expect(sweptOf(copies)).toEqual({ [keptName('dddddd', 1)]: 'old', [keptName('dddddd', 2)]: 'old' })
  expect(sweptOf(copies, [['run', 'dddddd']])).toEqual({})
  const old = database(keptName('aaaaaa', 1), { at: agoOf(3 * DAY) })
  expect(sweptOf([old])).toEqual({ [old.name]: 'old' })
})
