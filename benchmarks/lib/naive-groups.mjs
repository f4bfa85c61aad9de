/**
 * How long a suite takes by the simplest rules, longest file first. With a gate a file takes its worker slots, and then
 * waits in them for its groups; without one the longest file starts that has room for everything.
 */
export function runNaively(jobs, { workers, limits, hasGate }) {
  const free = new Map(Array.from(limits, ([group, limit]) => [group, Math.min(limit, workers)]))
  let freeSlots = workers
  let waiting = jobs.map((job) => taskOf(job, { workers, limits })).sort((a, b) => b.expectedMs - a.expectedMs)
  let inGate = []
  const running = []
  let nowMs = 0

  const hasGroups = (task) => task.groups.every(([group, permits]) => free.get(group) >= permits)
  const take = (task, sign) => {
    for (const [group, permits] of task.groups) free.set(group, free.get(group) - sign * permits)
  }
  const begin = (task) => {
    take(task, 1)
    running.push({ ...task, endMs: nowMs + task.durationMs })
    return true
  }
  const startAll = () => {
    inGate = inGate.filter((task) => !(hasGroups(task) && begin(task)))
    waiting = waiting.filter((task) => {
      if (task.slots > freeSlots || !(hasGate || hasGroups(task))) return true
      freeSlots -= task.slots
      if (hasGroups(task)) begin(task)
      else inGate.push(task)
      return false
    })
  }
  startAll()
  while (running.length > 0) {
    running.sort((a, b) => a.endMs - b.endMs)
    const ended = running.shift()
    nowMs = ended.endMs
    freeSlots += ended.slots
    take(ended, -1)
    startAll()
  }
  return nowMs
}

function taskOf({ expectedMs, durationMs, demand: { groups, weight } }, { workers, limits }) {
  const permitsOf = ({ group, mode }) => {
    const limit = Math.min(limits.get(group), workers)
    return [group, mode === 'exclusive' ? limit : Math.min(weight, limit)]
  }
  return { expectedMs, durationMs, slots: Math.min(weight, workers), groups: groups.map(permitsOf) }
}
