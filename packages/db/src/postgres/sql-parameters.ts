/** `select * from users where id = ${5}` as a statement with parameters. */
export function parametersOf(
  strings: readonly string[],
  values: readonly unknown[],
): { readonly sql: string; readonly parameters: readonly unknown[] | undefined } {
  const sql = strings.map((text, i) => (i === 0 ? text : `$${i}${text}`)).join('')
  return { sql, parameters: values.length === 0 ? undefined : values }
}
