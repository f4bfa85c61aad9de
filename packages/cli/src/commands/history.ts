import { relative } from 'node:path'
import { parseJobKey, PLATFORM, takeInventory, type HistoryInventory } from '@heddle/core'
import { EXIT } from '../exit-codes.js'
import { openWorkspace } from '../open-workspace.js'
import { colorsFor } from '../print/colors.js'
import { formatInventory } from '../print/history-table.js'
import type { Terminal } from '../terminal.js'

export interface HistoryOptions {
  /** Only so many of the slowest files; undefined: 20 for people, all for machines. */
  readonly limit?: number
  readonly all?: boolean
  readonly json?: boolean
}

export const DEFAULT_LIMIT = 20

/** `heddle history` */
export async function showHistory({ limit, all, json }: HistoryOptions, terminal: Terminal): Promise<number> {
  const { historyDir, records } = await openWorkspace(terminal)
  const inventory = takeInventory(records, PLATFORM)
  const { stdout, env, now } = terminal
  if (json === true) {
    stdout.write(formatInventoryJson(inventory, limit ?? Infinity))
  } else if (records.length === 0) {
    stdout.write(emptyHistory(relative(terminal.cwd, historyDir)))
  } else {
    const shown = all === true ? Infinity : (limit ?? DEFAULT_LIMIT)
    stdout.write(formatInventory(inventory, { limit: shown, now: now(), colors: colorsFor(stdout, env) }))
  }
  return EXIT.ok
}

function emptyHistory(dir: string): string {
  return `No runs are recorded in "${dir}" yet.\nRun your tests once with heddle in vitest.config.ts or jest.config.js; every run adds a record.\n`
}

/** The inventory for machines; times in ms. */
function formatInventoryJson(inventory: HistoryInventory, limit: number): string {
  const files = inventory.files.slice(0, limit).map(({ key, expectedMs, share, measured, hasFailed }) => {
    const { path, project } = parseJobKey(key)
    return { file: path, project, expectedMs, share, runs: 0, ...measured, hasFailed }
  })
  return `${JSON.stringify({ ...inventory, files }, roundMs, 2)}\n`
}

/** For `JSON.stringify`: whole ms, four digits of shares. */
export function roundMs(name: string, value: unknown): unknown {
  if (typeof value !== 'number') return value
  if (name === 'ms' || name.endsWith('Ms')) return Math.round(value)
  return name === 'share' ? Number(value.toFixed(4)) : value
}
