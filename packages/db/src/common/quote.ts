/** An identifier of standard SQL, whatever is in it. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** An identifier of MySQL and MariaDB, whatever is in it. */
export function quoteBackticked(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

/** A string of PostgreSQL, for statements that take no parameters. */
export function quoteLiteral(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`
  return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted
}
