import type { Fixtures, ResourceOptions } from '@heddle/core/fixtures'
import type { GroupFunction } from '@heddle/core/serial'

/** What heddle's test runner puts into the global object of a test file. It lives outside of Jest's sandbox. */
export interface InstalledHeddle {
  readonly serial: (...args: readonly unknown[]) => unknown
  readonly isSerial: (key?: string) => boolean
  readonly group: GroupFunction
  readonly slot: number
  readonly runId: string
  readonly groupSlot: (group: string) => number
  /** Made when first asked for. */
  readonly fixtures: Fixtures
  /** What the file says of resources, and what it, or the test that asks, has of them. */
  readonly resources: {
    readonly declare: (name: string, options: ResourceOptions) => void
    readonly handleOf: (name: string) => object
  }
  /** Somebody in the sandbox may ask for fixtures. */
  readonly followTests: () => void
}

const INSTALLED = Symbol.for('@heddle/jest.installed')

interface Holder {
  [INSTALLED]?: InstalledHeddle
}

/** @param global of the sandbox */
export function installHeddle(global: object, installed: InstalledHeddle): void {
  ;(global as Holder)[INSTALLED] = installed
}

/** @returns undefined where heddle's test runner does not run */
export function installedHeddle(): InstalledHeddle | undefined {
  return (globalThis as Holder)[INSTALLED]
}
