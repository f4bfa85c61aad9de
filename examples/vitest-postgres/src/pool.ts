import { Pool } from 'pg'

/** As in production: the URL comes from the environment. */
export const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: 5,
  allowExitOnIdle: true,
})

// Somebody ended an idle connection; the pool opens another.
pool.on('error', () => {})
