import { pool } from './pool.js'

export interface Customer {
  readonly id: number
  readonly email: string
}

export async function createCustomer(email: string): Promise<Customer> {
  const { rows } = await pool.query<Customer>('insert into customers (email) values ($1) returning id, email', [email])
  const [customer] = rows
  if (customer === undefined) throw new Error('The database has returned no customer.')
  return customer
}

export async function countCustomers(): Promise<number> {
  const { rows } = await pool.query<{ readonly count: number }>('select count(*)::int as count from customers')
  return rows[0]?.count ?? 0
}
