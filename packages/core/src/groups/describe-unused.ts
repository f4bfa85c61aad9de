import { existsSync } from '../leases/captured.js'
import { fileOfKey, parseJobKey } from '../workspace/job-key.js'
import type { FileTexts } from './file-texts.js'
import { globPatternsOf } from './glob-patterns.js'
import { listOf, membershipsOf, type PlacedRule } from './rule.js'

interface Suite {
  readonly workspace: string
  readonly groups: Iterable<string>
  /** Those of all platforms. */
  readonly rules: readonly PlacedRule[]
  /** The files of this run. */
  readonly keys: readonly string[]
  /** The files of earlier runs: this run may be only part of the suite. */
  readonly knownKeys: () => Iterable<string>
  readonly texts: FileTexts
}

/** What the configuration says about groups and nobody uses. Files of earlier runs are only looked at if there is something. */
export function describeUnused(suite: Suite): string[] {
  let others: readonly string[] | undefined
  const someFile = (isMatch: (key: string) => boolean): boolean =>
    suite.keys.some(isMatch) || (others ??= otherKeysOf(suite)).some(isMatch)
  return [...unusedGlobs(suite, someFile), ...unusedGroups(suite, someFile)]
}

type SomeFile = (isMatch: (key: string) => boolean) => boolean

function unusedGlobs({ rules }: Suite, someFile: SomeFile): string[] {
  return rules.flatMap(({ files, dir, place }) =>
    globPatternsOf(listOf(files), dir)
      .include.filter(({ pattern }) => !someFile((key) => pattern.test(parseJobKey(key).path)))
      .map(({ glob }) => {
        const base = dir === '' ? '' : `, which is relative to ${dir}`
        return `No test file matches "${glob}" of ${place}${base}`
      }),
  )
}

function unusedGroups({ groups, rules, texts }: Suite, someFile: SomeFile): string[] {
  const inRules = new Set(rules.flatMap((rule) => membershipsOf(rule).map(({ group }) => group)))
  return [...groups]
    .filter(
      (name) => !inRules.has(name) && !someFile((key) => texts.of(key).groups.some(({ group }) => group === name)),
    )
    .map((name) => `No rule and no test file uses the group "${name}"`)
}

/** Those that are still there. */
function otherKeysOf({ workspace, keys, knownKeys }: Suite): string[] {
  const own = new Set(keys)
  return [...knownKeys()].filter((key) => !own.has(key) && existsSync(fileOfKey(workspace, key)))
}
