import { expect, test } from 'vitest'
import type { Marker } from '../common/marker.js'
import type { Registered } from './registry.js'
import { planTemplateSweep } from './sweep.js'

const NOW = Date.parse('2026-06-30T00:00:00Z')

function template(name: string, day: string | undefined, owner = 'me'): Registered {
  const marker: Marker = { heddle: 1, kind: 'template', run: 'r', pid: 1, host: 'h', at: '2026-06-01', owner }
  return { name, marker: day === undefined ? marker : { ...marker, usedAt: `2026-06-${day}T00:00:00Z` } }
}

test('of each resource the 3 that were used last stay', () => {
  const all = [template('a', '29'), template('b', '28'), template('c', '27'), template('d', '26')]
  expect(planTemplateSweep([...all, template('e', '25', 'other')], NOW)).toEqual(['d'])
})

test('what nobody has used for two weeks goes', () => {
  expect(planTemplateSweep([template('a', '15'), template('b', '17')], NOW)).toEqual(['a'])
})

test('what a database is a copy of stays, and what is being made', () => {
  const copy: Registered = { name: 'w', marker: { ...template('w', '29').marker, kind: 'worker', template: 'a' } }
  expect(planTemplateSweep([template('a', '01'), template('b', undefined), copy], NOW)).toEqual([])
})
