/** `-c name=value` for a server of which nothing has to survive a power cut, and on which nobody waits for anybody. */
export function serverSettings(port: number): readonly string[] {
  return Object.entries({
    port,
    listen_addresses: '127.0.0.1',
    // One address is enough, and the path of a socket may be too long.
    unix_socket_directories: '',
    ...UNSAFE,
    ...QUIET,
    max_connections: process.platform === 'linux' ? 500 : 200,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Only the machine's crash loses anything by them, and after that the data directory is made anew. */
const UNSAFE = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: 0,
  // What is written over and over stays small: it may be in memory.
  min_wal_size: '16MB',
  max_wal_size: '128MB',
  checkpoint_timeout: '1h',
} as const

const QUIET = {
  // It would look into every database in turn, hold up the cloning of a template while it is there, and make plans and times
  // differ from run to run. Databases live for a run; what is shared is vacuumed when the server stops.
  autovacuum: 'off',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
} as const
