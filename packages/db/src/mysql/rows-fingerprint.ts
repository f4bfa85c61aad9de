import { quoteBackticked as quote } from '../common/quote.js'

export interface Column {
  readonly name: string
  /** `information_schema.COLUMNS.DATA_TYPE`: `varchar`. */
  readonly type: string
}

const LONG = /text|blob|json|geometry|point|linestring|polygon|collection/

/**
 * A query whose column `fingerprint` says which rows a table has, whatever their order: how many, and the sum of 60 bits of a
 * hash of each. Exact to the byte: what a collation takes for equal is different here.
 */
export function rowsFingerprint(table: string, columns: readonly Column[]): string {
  const row = columns.map(exactly).join(',')
  const hashes = `SELECT MD5(CONCAT_WS(',',${row})) AS h FROM ${quote(table)}`
  return `SELECT CONCAT(COUNT(*),':',IFNULL(SUM(CAST(CONV(LEFT(h,15),16,10) AS UNSIGNED)),0)) AS fingerprint FROM (${hashes}) AS hashes`
}

function exactly({ name, type }: Column): string {
  const column = quote(name)
  return `IFNULL(${textOf(column, type)},'-')`
}

function textOf(column: string, type: string): string {
  if (type === 'float' || type === 'double') return `HEX(CONCAT(${column}+0e0))`
  if (type === 'bit') return `HEX(${column}+0)`
  return LONG.test(type) ? `MD5(CONCAT(${column}))` : `HEX(CONCAT(${column}))`
}
