import type * as main from '@heddle/core'
import type * as captured from '@heddle/core/captured'
import type * as fixtures from '@heddle/core/fixtures'
import type * as leases from '@heddle/core/leases'
import type * as serial from '@heddle/core/serial'
import type * as slots from '@heddle/core/slots'

/**
 * `require` of Node itself, which no test touches: not Vitest's module runner, not the sandbox of its vm pools, not the
 * mocks of a test file. What a test worker needs of core is loaded by it, once per thread, and only when it is needed.
 */
const requireNatively = process.getBuiltinModule('node:module').createRequire(import.meta.url)

export function loadCore(): typeof main {
  return requireNatively('@heddle/core') as typeof main
}

/** Clock, timers and file functions as they were when this was first called. */
export function loadCaptured(): typeof captured {
  return requireNatively('@heddle/core/captured') as typeof captured
}

export function loadFixtures(): typeof fixtures {
  return requireNatively('@heddle/core/fixtures') as typeof fixtures
}

export function loadLeases(): typeof leases {
  return requireNatively('@heddle/core/leases') as typeof leases
}

export function loadSerial(): typeof serial {
  return requireNatively('@heddle/core/serial') as typeof serial
}

/** The environment variables of a worker. */
export function loadSlots(): typeof slots {
  return requireNatively('@heddle/core/slots') as typeof slots
}
