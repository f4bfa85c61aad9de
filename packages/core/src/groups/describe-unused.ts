import { existsSync } from '../leases/captured.js'
import { fileOfKey, parseJobKey } from '../workspace/job-key.js'
import type { FileTexts } from './file-texts.js'
import { globPatternsOf, type GlobPattern } from './glob-patterns.js'
import { listOf, membershipsOf, type PlacedGroup, type PlacedRule } from './rule.js'

interface Suite {
  readonly workspace: string
  /** The directory that the host runs in, a path from the workspace root: it has no files elsewhere. */
  readonly rootDir: string
  readonly groups: Readonly<Record<string, PlacedGroup>>
  /** Those of all platforms. */
  readonly rules: readonly PlacedRule[]
  /** The files of this run. */
  readonly keys: readonly string[]
  /** The files of earlier runs: this run may be only part of the suite. */
  readonly knownKeys: () => Iterable<string>
  readonly texts: FileTexts
}

/** Whether some file of the suite, by key, is like that. */
type SomeFile = (isMatch: (key: string) => boolean) => boolean

/**
 * What the configuration says about groups and nobody uses. Files of earlier runs are only looked at if there is
 * something; what other packages may use, because the configuration is theirs as well, is not judged.
 */
export function describeUnused(suite: Suite): string[] {
  let others: readonly string[] | undefined
  const someFile: SomeFile = (isMatch) => suite.keys.some(isMatch) || (others ??= otherKeysOf(suite)).some(isMatch)
  return [...unusedGlobs(suite, someFile), ...unusedGroups(suite, someFile)]
}

function unusedGlobs({ rules, rootDir }: Suite, someFile: SomeFile): string[] {
  const matches = ({ pattern }: GlobPattern): boolean => someFile((key) => pattern.test(parseJobKey(key).path))
  return rules.flatMap(({ files, dir, place }) =>
    globPatternsOf(listOf(files), dir)
      .include.filter((glob) => isWithin(rootDir, glob.base) && !matches(glob))
      .map(({ glob }) => {
        const base = dir === '' ? '' : `, which is relative to ${dir}`
        const inside = `${glob.replace(/\/$/, '')}/**`
        const hint = globPatternsOf([inside], dir).include.some(matches) ? `; did you mean "${inside}"?` : ''
        return `No test file matches "${glob}" of ${place}${base}${hint}`
      }),
  )
}

function unusedGroups({ groups, rules, rootDir, texts }: Suite, someFile: SomeFile): string[] {
  const inRules = new Set(rules.flatMap((rule) => membershipsOf(rule).map(({ group }) => group)))
  return Object.entries(groups)
    .filter(([name, { dir }]) => !inRules.has(name) && isWithin(rootDir, dir))
    .filter(([name]) => !someFile((key) => texts.of(key).groups.some(({ group }) => group === name)))
    .map(([name]) => `No rule and no test file uses the group "${name}"`)
}

function isWithin(dir: string, path: string): boolean {
  return dir === '' || path === dir || path.startsWith(`${dir}/`)
}

/** Those that are still there. */
function otherKeysOf({ workspace, keys, knownKeys }: Suite): string[] {
  const own = new Set(keys)
  return [...knownKeys()].filter((key) => !own.has(key) && existsSync(fileOfKey(workspace, key)))
}
