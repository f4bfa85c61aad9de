const { join } = require('node:path')
const { threadLeases } = require('@heddle/core/leases')

/** As `fixtures/surroundings.ts` for processes. */
module.exports.surroundingsIn = (dir, root = join(__dirname, '..'), print = () => undefined) => ({
  name: 'main',
  root,
  env: process.env,
  cacheDir: join(dir, 'cache'),
  leases: () => threadLeases({ root: dir }, { ...process.env, HEDDLE_LOCK_DIR: join(dir, 'locks') }),
  print,
})
