import type { HostGlobalConfig } from './host-types.js'

const REPORTERS_FOR_PEOPLE: ReadonlySet<string> = new Set(['default', 'verbose', 'summary', 'agent'])

/** Whether a person reads what Jest prints. Reporters of an IDE or a CI system, given by path, print for machines. */
export function isReadByPeople({ json, reporters }: HostGlobalConfig): boolean {
  if (json) return false
  return reporters === undefined || reporters.some(([name]) => REPORTERS_FOR_PEOPLE.has(name))
}
