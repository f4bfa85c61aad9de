import type * as Levenshtein from 'fastest-levenshtein'

/**
 * What to say about every key of `object` that is not `known`: `unknown option "history.rums", did you mean "history.runs"?`
 *
 * @param prefix the path of `object`, with what separates it from its keys
 */
export function describeUnknownKeys(object: object, known: readonly string[], prefix = ''): string[] {
  const unknown = Object.keys(object).filter((key) => !known.includes(key))
  return unknown.map((key) => {
    const guess = guessOf(key, known)
    const hint = guess === undefined ? `known are ${known.join(', ')}` : `did you mean "${prefix}${guess}"?`
    return `unknown option "${prefix}${key}", ${hint}`
  })
}

/** The one of `known` that `word` was probably meant to be. */
export function guessOf(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined
  const { closest, distance } = loadLevenshtein()
  const guess = closest(word, known)
  return distance(word, guess) <= Math.max(2, word.length / 3) ? guess : undefined
}

/** Loaded only to explain a mistake: test workers load this file, and leases are used where nothing else can be found. */
function loadLevenshtein(): typeof Levenshtein {
  return require('fastest-levenshtein') as typeof Levenshtein
}
