/** Seeded random numbers (mulberry32), so that every run of a simulation prints the same table. */
export function createRandom(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  /** From `low` to `high`, every factor as likely as any other. */
  const factor = (low, high) => low * (high / low) ** next()
  /** Around 1; `sigma` is the standard deviation of its logarithm (Box and Muller 1958). */
  const lognormal = (sigma) => Math.exp(sigma * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()))
  const shuffle = (list) => {
    const shuffled = [...list]
    for (let i = shuffled.length - 1; i > 0; i--) {
      const j = Math.floor(next() * (i + 1))
      const item = shuffled[i]
      shuffled[i] = shuffled[j]
      shuffled[j] = item
    }
    return shuffled
  }
  return { next, factor, lognormal, shuffle }
}
