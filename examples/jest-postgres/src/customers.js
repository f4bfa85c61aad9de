const { pool } = require('./pool')

async function createCustomer(email) {
  const { rows } = await pool.query('insert into customers (email) values ($1) returning id, email', [email])
  return rows[0]
}

async function countCustomers() {
  const { rows } = await pool.query('select count(*)::int as count from customers')
  return rows[0].count
}

module.exports = { countCustomers, createCustomer }
