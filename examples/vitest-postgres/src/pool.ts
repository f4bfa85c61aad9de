import pg from 'pg'

/** As in production: the URL comes from the environment. */
export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 5,
  allowExitOnIdle: true,
})

// Somebody ended an idle connection; the pool opens another.
pool.on('error', () => {})
