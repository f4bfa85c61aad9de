import { expect, test } from 'vitest'
import { planAcquisition } from '../leases/lease-request.js'
import { groupLeaseName } from '../leases/group-names.js'
import { compareGroups } from './group-order.js'

test('groups have one order, which is that of their leases', () => {
  const groups = [
    { name: 'b', scope: 'run' },
    { name: 'Z', scope: 'workspace' },
    { name: 'a', scope: 'workspace' },
    { name: 'a', scope: 'machine' },
  ] as const
  expect(groups.toReversed().sort(compareGroups)).toEqual(groups)
  const requests = groups.map(({ name, scope }) => ({ name: groupLeaseName(name), scope }))
  const planned = planAcquisition(requests.toReversed(), ({ name, scope }) => `${name} ${scope}`)
  expect(planned.map(({ name, scope }) => ({ name, scope }))).toEqual(requests)
  expect(compareGroups(groups[0], groups[0])).toBe(0)
})
