import { posix } from 'node:path'
import { HeddleError, reasonOf } from '../errors.js'
import { displayKey, fileOfKey, parseJobKey } from '../workspace/job-key.js'
import { describeRule } from './describe-rule.js'
import { globPatternsOf, matchesGlobs, type GlobPatterns } from './glob-patterns.js'
import { listOf, type PlacedRule } from './rule.js'

/** A file as rules see it. */
export interface RuleSubject {
  /** See {@link jobKey}. */
  readonly key: string
  readonly tags: readonly string[]
}

/** A rule, ready to be asked about files. */
export class FileRule {
  readonly rule: PlacedRule
  /** For people; see {@link describeRule}. */
  readonly because: string
  /** What it says about `files`; undefined if it has none. */
  readonly globs: GlobPatterns | undefined
  readonly #workspace: string
  readonly #answers = new Map<string, boolean>()

  constructor(rule: PlacedRule, workspace: string) {
    this.rule = rule
    this.because = describeRule(rule)
    this.globs = rule.files === undefined ? undefined : globPatternsOf(listOf(rule.files), rule.dir)
    this.#workspace = workspace
  }

  /** Whether it is about single tests, at least of files that have none of its tags. */
  get canBeAboutTests(): boolean {
    return this.rule.tests !== undefined || this.rule.tags !== undefined
  }

  /** Whether it is about this file as a whole, and says something about it. */
  decides(file: RuleSubject): boolean {
    const { tests, tags } = this.rule
    if (tests !== undefined) return false
    return (tags === undefined || listOf(tags).some((tag) => file.tags.includes(tag))) && this.admits(file)
  }

  /**
   * Whether all its matchers but `tests` and `tags` match.
   *
   * @throws HeddleError `HEDDLE_OPTIONS_INVALID` if its function fails
   */
  admits(file: RuleSubject): boolean {
    const { path, project } = parseJobKey(file.key)
    if (this.rule.project !== undefined && !listOf(this.rule.project).includes(project)) return false
    if (this.globs !== undefined && !matchesGlobs(this.globs, path)) return false
    return this.rule.when === undefined || this.#ask(this.rule.when, file)
  }

  /** Once per file: the function may be slow. */
  #ask(when: NonNullable<PlacedRule['when']>, { key, tags }: RuleSubject): boolean {
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    const { path, project } = parseJobKey(key)
    const answer = answerOf(this.rule.place, key, () =>
      when({ path: posix.relative(this.rule.dir, path), file: fileOfKey(this.#workspace, key), project, tags }),
    )
    this.#answers.set(key, answer)
    return answer
  }
}

function answerOf(place: string, key: string, ask: () => unknown): boolean {
  const refuse = (reason: string, cause?: unknown): HeddleError =>
    new HeddleError('HEDDLE_OPTIONS_INVALID', {
      problem: `Cannot ask "when" of ${place} about ${displayKey(key)}: ${reason}`,
      fix: 'make the function return true or false at once, for every test file.',
      cause,
    })
  let answer: unknown
  try {
    answer = ask()
  } catch (error) {
    throw refuse(reasonOf(error), error)
  }
  if (typeof answer === 'boolean') return answer
  throw refuse(`it returned ${Object.prototype.toString.call(answer)}, not true or false`)
}
