/** The orders of a shop, in a table of a database. */
export class Orders {
  readonly #table: string

  constructor(databaseUrl: string, table: string) {
    this.#table = `${databaseUrl}/${table}`
  }

  async add(article: string): Promise<void> {
    await fetch(this.#table, { method: 'POST', body: article })
  }

  async all(): Promise<string[]> {
    const response = await fetch(this.#table)
    return (await response.json()) as string[]
  }
}
