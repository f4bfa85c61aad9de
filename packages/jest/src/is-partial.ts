import type { HostGlobalConfig } from './host-types.js'

/** Whether somebody asked for some of the files only. */
export function isPartial(globalConfig: HostGlobalConfig): boolean {
  const { nonFlagArgs = [], testPathPattern, testPathPatterns, filter } = globalConfig
  const { onlyChanged, onlyFailures, findRelatedTests } = globalConfig
  const hasPattern = Boolean(testPathPattern) || (testPathPatterns?.patterns ?? []).length > 0
  return nonFlagArgs.length > 0 || hasPattern || Boolean(onlyChanged || onlyFailures || findRelatedTests || filter)
}
