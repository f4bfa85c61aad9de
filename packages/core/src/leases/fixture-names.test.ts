import { expect, test } from 'vitest'
import { describeFixtureLease, isRunLeaseName, portLeaseName, runLeaseName } from './fixture-names.js'

test('ports and directories of runs have names that people know', () => {
  expect(describeFixtureLease(portLeaseName('tcp', 23_107))).toBe('port 23107')
  expect(describeFixtureLease(portLeaseName('udp', 53))).toBe('UDP port 53')
  expect(describeFixtureLease(runLeaseName('r-5f0c2a9b1e'))).toBe('the directory of run r-5f0c2a9b1e')
})

test.each(['ledger', 'port-tcp-', 'port-tcp-1x', 'run:', 'run:nightly', 'my run:r-5f0c2a9b1e'])(
  '%j is the name of something else',
  (name) => {
    expect(describeFixtureLease(name)).toBeUndefined()
    expect(isRunLeaseName(name)).toBe(false)
  },
)
