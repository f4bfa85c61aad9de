/** The orders of a shop, in a table of a database. */
class Orders {
  #table

  constructor(databaseUrl, table) {
    this.#table = `${databaseUrl}/${table}`
  }

  async add(article) {
    await fetch(this.#table, { method: 'POST', body: article })
  }

  async all() {
    const response = await fetch(this.#table)
    return response.json()
  }
}

module.exports = { Orders }
