/** What heddle's test runner puts into the global object of a test file. It lives outside of Jest's sandbox. */
export interface InstalledSerial {
  readonly serial: (...args: readonly unknown[]) => unknown
  readonly isSerial: (key?: string) => boolean
}

const INSTALLED = Symbol.for('@heddle/jest.serial')

interface Holder {
  [INSTALLED]?: InstalledSerial
}

/** @param global of the sandbox */
export function installSerial(global: object, installed: InstalledSerial): void {
  ;(global as Holder)[INSTALLED] = installed
}

/** @returns undefined where heddle's test runner does not run */
export function installedSerial(): InstalledSerial | undefined {
  return (globalThis as Holder)[INSTALLED]
}
