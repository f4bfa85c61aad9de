/** The code of an error of PostgreSQL, whichever driver it comes from. Empty if it has none. */
export function sqlStateOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
