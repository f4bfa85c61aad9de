import { posix } from 'node:path'
import type Picomatch from 'picomatch'

/** Globs as regular expressions over paths from the workspace root. */
export interface GlobPatterns {
  /** Any of these; all files if there are none. */
  readonly include: readonly GlobPattern[]
  /** None of these. */
  readonly exclude: readonly GlobPattern[]
}

export interface GlobPattern {
  readonly glob: string
  readonly pattern: RegExp
  /** The directory, or the file, outside of which it matches nothing: a path from the workspace root. */
  readonly base: string
}

/**
 * @param globs relative to `dir`; those that begin with `!` exclude
 * @param dir a POSIX path from the workspace root, '' for the root itself
 */
export function globPatternsOf(globs: readonly string[], dir: string): GlobPatterns {
  const toPattern = (glob: string): GlobPattern => ({ glob, ...patternOf(glob.replace(/^!(?!\()/, ''), dir) })
  return {
    include: globs.filter((glob) => !isNegative(glob)).map(toPattern),
    exclude: globs.filter(isNegative).map(toPattern),
  }
}

export function matchesGlobs({ include, exclude }: GlobPatterns, path: string): boolean {
  const isMatch = ({ pattern }: GlobPattern): boolean => pattern.test(path)
  return (include.length === 0 || include.some(isMatch)) && !exclude.some(isMatch)
}

/** `!(a|b)` is a glob like any other. */
function isNegative(glob: string): boolean {
  return /^!(?!\()/.test(glob)
}

function patternOf(glob: string, dir: string): Omit<GlobPattern, 'glob'> {
  // Loaded on use: most runs have no rules. Paths are POSIX on every platform.
  const picomatch = require('picomatch') as typeof Picomatch
  const whole = posix.join(escaped(dir), glob)
  return {
    pattern: picomatch.makeRe(whole, { dot: true, windows: false }),
    base: picomatch.scan(whole).base.replaceAll(/\\(.)/g, '$1'),
  }
}

/** Directories like `[id]` and `(group)` are meant as they are. */
function escaped(dir: string): string {
  return dir.replaceAll(/[\\*?[\](){}!+@|^$]/g, '\\$&')
}
