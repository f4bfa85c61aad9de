import { pool } from './pool.js'

/** What is ordered: how many of which article. */
export type Basket = Readonly<Record<string, number>>

/** Takes everything from the stock, or nothing. @returns the number of the order */
export async function placeOrder(customerId: number, basket: Basket): Promise<number> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const { rows } = await client.query<{ readonly id: number }>(
      'insert into orders (customer_id) values ($1) returning id',
      [customerId],
    )
    const id = rows[0]?.id ?? 0
    for (const [article, count] of Object.entries(basket)) {
      await client.query(
        `with taken as (update articles set stock = stock - $3 where name = $2 returning id)
         insert into order_lines (order_id, article_id, count) select $1, id, $3 from taken`,
        [id, article, count],
      )
    }
    await client.query('commit')
    return id
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

export async function stockOf(article: string): Promise<number> {
  const { rows } = await pool.query<{ readonly stock: number }>('select stock from articles where name = $1', [article])
  return rows[0]?.stock ?? 0
}
