/** A PostgreSQL that can be started. */
export interface Binaries {
  readonly kind: 'embedded' | 'system'
  /** Where `postgres` and `initdb` are, absolute. */
  readonly dir: string
  /** `18.4`. */
  readonly version: string
  readonly major: number
  /** Where their libraries are besides the usual places. */
  readonly libraryPath?: string | undefined
}

/** For people. */
export function wordsOf({ kind, version }: Binaries): string {
  return `${kind} PostgreSQL ${version}`
}

/** The path of one of them. */
export function programOf(dir: string, name: 'postgres' | 'initdb' | 'pg_ctl', platform = process.platform): string {
  return platform === 'win32' ? `${dir}\\${name}.exe` : `${dir}/${name}`
}

/** Little of the user's environment reaches the server: PG* would change what it does, another language what it says. */
export function serverEnv(libraryPath: string | undefined, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = ['PATH', 'TMPDIR', 'SystemRoot', 'TEMP', 'TMP', 'ComSpec'].filter((name) => env[name] !== undefined)
  return {
    ...Object.fromEntries(kept.map((name) => [name, env[name]])),
    LC_ALL: 'C',
    TZ: 'UTC',
    ...(libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath }),
  }
}
