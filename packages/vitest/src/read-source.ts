import { readFileSync } from 'node:fs'

/** The text of a test file; nothing for a virtual module. */
export function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
