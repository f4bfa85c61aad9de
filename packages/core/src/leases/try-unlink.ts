import { unlinkSync } from './captured.js'

/** Removes a file if that is possible: it may be gone, or open elsewhere, and then the next sweep gets it. */
export function tryUnlink(file: string): void {
  try {
    unlinkSync(file)
  } catch {
    // Said above.
  }
}
