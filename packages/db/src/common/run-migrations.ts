import { HeddleError, isHeddleError, reasonOf } from '@heddle/core'
import type { MigrationFile, MigrationPlan } from './plan-migrations.js'
import { runCommand } from './run-command.js'

/** Where migrations run. */
export interface MigrationRun<Target> {
  /** Of the resource, for messages. */
  readonly name: string
  readonly root: string
  /** What the user's function is given. */
  readonly target: Target
  /** Of a command: with the variables that name the database. */
  readonly env: Readonly<NodeJS.ProcessEnv>
  readonly signal: AbortSignal
  /** Runs one file of SQL. */
  readonly runFile: (file: MigrationFile) => Promise<void>
}

/**
 * Runs all of them, one after the other.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED`, and the reason of the signal
 */
export async function runMigrations<Target>(plan: MigrationPlan<Target>, at: MigrationRun<Target>): Promise<void> {
  const { way } = plan
  switch (way.kind) {
    case 'sql': {
      for (const file of plan.files) {
        at.signal.throwIfAborted()
        await at.runFile(file)
      }
      return
    }
    case 'run': {
      await runOwn(() => way.run(at.target), { what: 'migrations', name: at.name })
      return
    }
    case 'command': {
      await runCommand(way.command, at)
    }
  }
}

/**
 * Runs a function of the user's.
 *
 * @throws HeddleError `HEDDLE_MIGRATION_FAILED`, caused by what it throws
 */
export async function runOwn(run: () => unknown, { what, name }: { what: string; name: string }): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (isHeddleError(error)) throw error
    throw new HeddleError('HEDDLE_MIGRATION_FAILED', {
      problem: `Cannot run the ${what} of resource "${name}": ${reasonOf(error)}`,
      fix: `mend that function; the template is made anew the next time.`,
      cause: error,
    })
  }
}
