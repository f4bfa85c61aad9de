/**
 * What gives a database its tables: globs of SQL files, run in the order of their names; or files, whose content tells when
 * they have changed, and a function or a command that runs them.
 */
export type Migrations<Target> =
  | string
  | readonly string[]
  | {
      /** Globs relative to the root. */
      readonly files: string | readonly string[]
      readonly run: (target: Target) => unknown
    }
  | {
      readonly files: string | readonly string[]
      /** Run by the shell in the root, with the variables of the database (`env`) and `DATABASE_URL` set. */
      readonly command: string
    }

/** Where migrations are to run. */
export interface MigrationTarget {
  readonly url: string
}
