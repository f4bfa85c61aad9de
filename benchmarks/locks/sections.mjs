/** What the sections of all processes tell together; each is [asked, had asked, was in, let go], ns. */
export function analyseSections(logs) {
  const sections = logs
    .flat()
    .map(([asked, placed, begin, end]) => ({ asked, placed, begin, end }))
    .sort((a, b) => a.begin - b.begin)
  return {
    sections,
    inversions: countInversions(sections),
    overlaps: sections.filter(({ begin }, i) => i > 0 && begin < sections[i - 1].end).length,
    // Without the first ones, when all processes of the crowd are still cold at once.
    waits: logs.flatMap((log) => log.slice(1)).map(([asked, , begin]) => begin - asked),
    perSecond:
      sections.length /
      ((Math.max(...sections.map(({ end }) => end)) - Math.min(...sections.map(({ asked }) => asked))) / 1e9),
  }
}

/** Pairs in which one had asked before the other began to ask, and was let in after it. */
function countInversions(sections) {
  let count = 0
  for (const [i, early] of sections.entries()) {
    for (let j = i + 1; j < sections.length; j++) if (sections[j].placed < early.asked) count++
  }
  return count
}

/**
 * From the end of one section to the begin of the next, ns, wherever exactly `waiters` waited and one of them was next:
 * a lock without a queue often goes to one that has only just come.
 */
export function handOffs(sections, waiters) {
  return sections.slice(1).flatMap((next, i) => {
    const { end } = sections[i]
    const waiting = sections.filter(({ placed, begin }) => placed < end && begin > end).length
    return waiting === waiters && next.placed < end ? [next.begin - end] : []
  })
}

/** The value below which a share of the values lie. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
}
