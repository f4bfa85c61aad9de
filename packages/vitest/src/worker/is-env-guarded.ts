import type { FixtureSettings } from '@heddle/core/fixtures'

/** Whether tests of a file are looked after that may use no fixture at all. */
export function isEnvGuarded({ envGuard }: Pick<FixtureSettings, 'envGuard'>, namesHeddle: boolean): boolean {
  return envGuard === 'auto' ? namesHeddle : envGuard !== 'off'
}
