import { availableParallelism } from 'node:os'
import { EXIT } from '../exit-codes.js'
import type { HostName } from '../host.js'
import { listTestFiles } from '../list-test-files.js'
import { openWorkspace } from '../open-workspace.js'
import { limitsOf } from '../plan-groups.js'
import { oneLine } from '../print/words.js'
import type { Terminal } from '../terminal.js'
import { timeFiles, type TimeSource } from '../time-files.js'
import { writeOrderPlan } from './plan-order.js'
import { writeShardPlan } from './plan-shards.js'

export interface PlanOptions {
  /** Undefined: a plan for the workers of one machine. */
  readonly shards?: number
  readonly workers?: number
  readonly from: TimeSource
  readonly host?: HostName
  readonly limit?: number
  readonly all?: boolean
  readonly json?: boolean
  /** What came after `--`. */
  readonly hostArgs: readonly string[]
}

/** `heddle plan` */
export async function plan({ host, hostArgs, from, ...wanted }: PlanOptions, terminal: Terminal): Promise<number> {
  const session = await openWorkspace(terminal)
  const { files, groups, warnings } = await listTestFiles(
    { host, args: hostArgs, workspace: session.workspace },
    terminal,
  )
  const timed = timeFiles(files, from, session)
  for (const warning of warnings) terminal.stderr.write(`heddle: ${oneLine(warning)}\n`)
  const { shards, workers } = wanted
  if (shards !== undefined) writeShardPlan(timed, { ...wanted, shards }, terminal)
  else {
    const order = { ...wanted, workers: workers ?? availableParallelism(), limits: limitsOf(groups) }
    writeOrderPlan(timed, order, { session, terminal })
  }
  return EXIT.ok
}
