/**
 * Makes scripts for the command-line client into what a server takes: `DELIMITER` is a command of the client, for bodies of
 * triggers and routines. The server itself knows where those end.
 */
export function splitDelimiters(sql: string): readonly string[] {
  if (!/^\s*delimiter\s/im.test(sql)) return [sql]
  const parts: string[] = []
  let delimiter = ';'
  let lines: string[] = []
  const end = (): void => {
    const part = lines.join('\n').trim()
    if (part !== '') parts.push(part)
    lines = []
  }
  for (const line of sql.split(/\r?\n/)) {
    const next = /^\s*delimiter\s+(\S+)/i.exec(line)?.[1]
    if (next !== undefined) {
      end()
      delimiter = next
    } else if (delimiter !== ';' && line.trimEnd().endsWith(delimiter)) {
      lines.push(line.trimEnd().slice(0, -delimiter.length))
      end()
    } else lines.push(line)
  }
  end()
  return parts
}
