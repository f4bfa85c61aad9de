import { readHistory, verifyShards, type History, type VerifiedSuite } from '@heddle/core'
import { EXIT } from '../exit-codes.js'
import { openWorkspace } from '../open-workspace.js'
import { colorsFor, type Colors } from '../print/colors.js'
import { plural } from '../print/words.js'
import { readRecords } from '../read-records.js'
import type { Terminal } from '../terminal.js'

export interface VerifyOptions {
  readonly json?: boolean
}

/** `heddle plan verify` */
export async function verifyPlan(
  dirs: readonly string[],
  { json }: VerifyOptions,
  terminal: Terminal,
): Promise<number> {
  const { stdout, stderr, cwd, env } = terminal
  const { stored, warnings } = dirs.length === 0 ? await readLocalHistory(terminal) : readRecords(cwd, dirs)
  const suites = verifyShards(stored.map(({ record }) => record))
  const isOk = suites.length > 0 && suites.every(({ problems }) => problems.length === 0)
  for (const warning of warnings) stderr.write(`heddle: ${warning}\n`)
  if (json === true) {
    stdout.write(`${JSON.stringify({ ok: isOk, suites, warnings }, undefined, 2)}\n`)
  } else if (suites.length === 0) {
    stdout.write(noShards(stored.length, dirs))
  } else {
    stdout.write(formatSuites(suites, colorsFor(stdout, env)))
  }
  return isOk ? EXIT.ok : EXIT.checkFailed
}

/** Missing, unlike a directory that was named, is no mistake. */
async function readLocalHistory(terminal: Terminal): Promise<History> {
  return readHistory([(await openWorkspace(terminal)).historyDir])
}

function noShards(records: number, dirs: readonly string[]): string {
  const places = dirs.length === 0 ? 'the local history' : dirs.map((dir) => `"${dir}"`).join(', ')
  return (
    `Nothing to verify: none of ${plural(records, 'record')} in ${places} is of a run with --shard.\n` +
    'Fix: collect .heddle/history of every shard as an artefact and name the directories: `heddle plan verify artifacts`.\n'
  )
}

function formatSuites(suites: readonly VerifiedSuite[], colors: Colors): string {
  return suites.map((suite) => formatSuite(suite, colors)).join('')
}

function formatSuite({ name, shards, files, problems }: VerifiedSuite, { green, red }: Colors): string {
  const size = `${plural(files, 'file')} in ${plural(shards, 'shard')}`
  if (problems.length === 0) return `${green('✓')} ${name}: ${size}, every file ran exactly once\n`
  const lines = problems.map((problem) => `  ${problem}\n`).join('')
  return `${red('✗')} ${name}: ${size}, ${plural(problems.length, 'problem')}\n${lines}`
}
