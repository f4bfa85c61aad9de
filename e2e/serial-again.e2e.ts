import { expect, test } from 'vitest'
import { JEST_HOSTS, VITEST_HOSTS, type Host } from './lib/hosts.js'
import { Project } from './lib/project.js'

const BODY = `
const leases = threadLeases({ root: process.cwd() })

serial('ledger')('a serial test', async () => {
  await expect(leases.withLease('ledger', () => 'in')).rejects.toMatchObject({ code: 'HEDDLE_LEASE_REENTERED' })
  expect(await leases.withLease('smtp', () => 'in')).toBe('in')
})

serial.describe('ledger', 'a serial block', () => {
  test('its test', async () => {
    await expect(leases.withLease('ledger', () => 'in')).rejects.toMatchObject({ code: 'HEDDLE_LEASE_REENTERED' })
  })
})

test('an ordinary test', async () => {
  expect(await leases.withLease('ledger', () => 'in')).toBe('in')
})
`

const VITEST = `
import { threadLeases } from '@heddle/core/leases'
import { serial } from '@heddle/vitest'
import { expect, test } from 'vitest'
${BODY}`

const JEST = `
const { threadLeases } = require('@heddle/core/leases')
const { serial } = require('@heddle/jest')
${BODY}`

const HOSTS: readonly Host[] = [...VITEST_HOSTS, ...JEST_HOSTS]

test.each(HOSTS)('who asks again for what it holds is told so: $name $version', async (host) => {
  const project = Project.create(host.name, host)
  const isVitest = host.name === 'vitest'
  project.write(isVitest ? 'test/again.test.ts' : 'test/again.test.js', isVitest ? VITEST : JEST)
  const { code, stdout, stderr } = await project.run(isVitest ? ['run', 'again'] : ['again'], {
    env: { HEDDLE_LOCK_DIR: `${project.dir}/locks` },
  })
  expect(code === 0 ? '' : stdout + stderr).toBe('')
})
