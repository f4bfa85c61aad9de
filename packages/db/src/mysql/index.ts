export { mysql, type MysqlHandle, type MysqlValue } from './mysql.js'
export type { MysqlClient, MysqlOptions, MysqlSeedTarget } from './mysql-options.js'
