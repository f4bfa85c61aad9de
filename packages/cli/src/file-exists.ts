import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseJobKey } from '@heddle/core'

/** Whether the test file that `key` stands for is still there. */
export function fileExists(workspace: string, key: string): boolean {
  return existsSync(resolve(workspace, parseJobKey(key).path))
}
