export { sqlite, type SqliteClient, type SqliteHandle, type SqliteMemoryHandle, type SqliteValue } from './sqlite.js'
export type { SqliteOptions, SqliteSeedTarget, SqliteTarget } from './sqlite-options.js'
