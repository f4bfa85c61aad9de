/** Prints rows of cells as a Markdown table; numbers are right-aligned. */
export function printTable(head, rows) {
  const cells = [head, ...rows].map((row) => row.map((cell) => formatCell(cell)))
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  const isNumber = head.map((_, column) => typeof rows[0]?.[column] === 'number')
  const line = (row) =>
    `| ${row.map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (isNumber[i] ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`
  console.log([line(cells[0]), rule, ...cells.slice(1).map(line)].join('\n'))
  console.log()
}

function formatCell(cell) {
  if (typeof cell !== 'number') return String(cell)
  return Number.isInteger(cell) ? String(cell) : cell.toFixed(3)
}

/** A target and what was seen; `limit` is the largest value that meets it, as both are printed. */
export function target(name, value, limit) {
  return { name, value, limit, isMet: Number(formatCell(value)) <= limit }
}

/** The same for what other work on the machine can spoil: told, but no reason for `--check` to fail. */
export function timedTarget(name, value, limit) {
  return { ...target(name, value, limit), isTimed: true }
}

export function printTargets(targets) {
  for (const { name, value, limit, isMet } of targets)
    console.log(
      `${isMet ? 'met    ' : 'NOT MET'}  ${name}: ${formatCell(value)} (target: at most ${formatCell(limit)})`,
    )
  console.log()
}
