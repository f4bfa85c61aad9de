import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Whether any user may pass all directories from the root of the file system to this one, which is there. */
export function isPassable(dir: string): boolean {
  const parent = dirname(dir)
  return canPass(dir) && (parent === dir || isPassable(parent))
}

function canPass(dir: string): boolean {
  try {
    return (statSync(dir).mode & 0o001) !== 0
  } catch {
    return false
  }
}
