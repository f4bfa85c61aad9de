/** Names of leases that belong to groups begin with it; no serial key does. */
const PREFIX = 'group:'

/** The lease whose permits are those of a group. */
export function groupLeaseName(group: string): string {
  return `${PREFIX}${group}`
}

/** The lease of one number among those who are in a group. */
export function groupSlotName(group: string, slot: number): string {
  return `${PREFIX}${group}#${slot}`
}

/** Whether a lease is one of the numbers in the group whose permits another lease is. */
export function isSlotOf(name: string, group: string): boolean {
  return isGroupLeaseName(group) && name.startsWith(`${group}#`)
}

export function isGroupLeaseName(name: string): boolean {
  return name.startsWith(PREFIX)
}

/** Whose permits a lease is; undefined for serial keys. */
export function groupOfLease(name: string): string | undefined {
  return isGroupLeaseName(name) ? name.slice(PREFIX.length) : undefined
}

/** `group "postgres"`, `slot 2 of group "postgres"`; undefined for names of other leases. */
export function describeGroupLease(name: string): string | undefined {
  if (!isGroupLeaseName(name)) return undefined
  const [, group = name.slice(PREFIX.length), slot] = /^group:([\s\S]*)#([1-9]\d*)$/.exec(name) ?? []
  return slot === undefined ? describeGroupName(group) : `slot ${slot} of ${describeGroupName(group)}`
}

/** No group of the user's has an empty name: it is how the workers of a run are counted where nobody else counts them. */
export function describeGroupName(group: string): string {
  return group === '' ? 'the workers of the run' : `group "${group}"`
}
