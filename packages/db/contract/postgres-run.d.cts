import type { ResetReport, ResourceContext, ResourceRow, TestReport } from '@heddle/core'
import type { PostgresOptions } from '@heddle/db/postgres'

export interface Place {
  readonly root: string
  readonly name?: string
  readonly slots?: number
  readonly env?: NodeJS.ProcessEnv
  readonly runId?: string
}

export interface Instance {
  readonly slot: number
}

export interface Run {
  readonly abort: AbortController
  readonly context: ResourceContext
  readonly printed: string[]
  create(slot: number, lifetime?: 'test' | 'worker'): Promise<Instance>
  value(instance: Instance): {
    readonly name: string
    readonly url: string
    readonly slot: number
    readonly tablePrefix: string
  }
  env(instance: Instance): Record<string, string>
  reset(instance: Instance): Promise<ResetReport>
  rows(instance: Instance, sql: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>
  tagged(instance: Instance, strings: TemplateStringsArray, ...values: unknown[]): Promise<Record<string, unknown>[]>
  afterTest(instance: Instance, test?: string, hasFailed?: boolean, isShared?: boolean): Promise<TestReport>
  destroy(instance: Instance): Promise<void>
  stop(): Promise<void>
  /** Destroys what is left, and stops. */
  end(): Promise<void>
}

interface Admin {
  status(): Promise<readonly ResourceRow[]>
  clean(how?: { readonly isAll?: boolean; readonly isDryRun?: boolean }): Promise<readonly string[]>
  rebuild(): Promise<string>
}

export function openRun(options: PostgresOptions, place: Place): Promise<Run>
export function adminOf(options: PostgresOptions, place: Place): Admin
