/** The same server, user and parameters, another database. */
export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(database)}`
  const { searchParams } = changed
  const others = ['dbname', 'database'].filter((name) => searchParams.has(name))
  for (const name of others) searchParams.delete(name)
  // Drivers take a plus for a plus.
  return others.length === 0 ? changed.href : changed.href.replaceAll('+', '%20')
}
