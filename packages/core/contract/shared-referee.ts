import type { SharedEvent, SharedScene } from './shared-scene.js'

/** What must never happen to something shared, whoever is killed. */
export function violationsOf(scene: SharedScene): string[] {
  const { events } = scene
  return [...new Set([...destroyedWhileUsed(events), ...twoAtOnce(scene, events), ...left(scene, events)])]
}

function destroyedWhileUsed(events: readonly SharedEvent[]): string[] {
  return events.flatMap(({ event, of, pid }, i) => {
    if (event !== 'used') return []
    const begin = events.findLastIndex((one, at) => at < i && one.event === 'uses' && one.of === of && one.pid === pid)
    const isDestroyed = events.slice(0, i).some((one) => one.event === 'destroys' && one.of === of)
    return begin < 0 || isDestroyed ? [`${of} was destroyed before ${pid} had used it`] : []
  })
}

/** Two of the same that are used at once. */
function twoAtOnce(scene: SharedScene, events: readonly SharedEvent[]): string[] {
  const inUse = new Map<number, string>()
  return events.flatMap(({ event, of, pid }, i) => {
    if (event === 'used') inUse.delete(pid)
    const isEnding = (one: SharedEvent): boolean => one.event === 'used' && one.of === of && one.pid === pid
    // Whoever was killed uses nothing any more.
    if (event !== 'uses' || !events.slice(i).some(isEnding)) return []
    const others = [...inUse].filter(([other, id]) => id !== of && scene.isTogether(pid, other))
    inUse.set(pid, of)
    return others.map(([other, id]) => `${of} is used by ${pid} while ${id} is by ${other}`)
  })
}

/**
 * Each that was ever used is destroyed once, or once more for each time that somebody was killed while destroying it. People
 * are told of those that nobody can destroy.
 */
function left(scene: SharedScene, events: readonly SharedEvent[]): string[] {
  const ids = new Set(events.flatMap(({ event, of }) => (event === 'uses' ? of : [])))
  const destroyersOf = (id: string) => events.filter(({ event, of }) => event === 'destroys' && of === id)
  const never = [...ids].filter((id) => destroyersOf(id).length === 0)
  const told = events.filter(({ event, of }) => event === 'printed' && of.includes('was not destroyed'))
  const twice = [...ids].filter(
    (id) =>
      !destroyersOf(id)
        .slice(0, -1)
        .every(({ pid }) => scene.isKilled(pid)),
  )
  return [
    ...never.slice(told.length).map((id) => `${id} was never destroyed, and nobody told`),
    ...twice.map((id) => `${id} was destroyed twice`),
  ]
}
