/** How heddle says something to people: one line, which tells who says it. */
export function printToStderr(line: string): void {
  process.stderr.write(`heddle: ${line}\n`)
}
