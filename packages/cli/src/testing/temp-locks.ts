import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCK_DIR_VARIABLE, threadLeases, type AcquireOptions, type LeaseRequest } from '@heddle/core/leases'
import { afterAll, onTestFinished } from 'vitest'

/** A lock directory of its own for the tests of one file. */
export const LOCK_DIR = mkdtempSync(join(tmpdir(), 'heddle-cli-locks-'))
export const LOCK_ENV = { [LOCK_DIR_VARIABLE]: LOCK_DIR }

afterAll(() => rmSync(LOCK_DIR, { recursive: true, force: true }))

/** Holds in this process until the test ends, or until what it returns is called. */
export async function hold(
  cwd: string,
  request: LeaseRequest,
  { runId, ...options }: AcquireOptions & { readonly runId?: string } = {},
): Promise<() => Promise<void>> {
  const lease = await threadLeases({ root: cwd, runId }, LOCK_ENV).acquire(request, options)
  onTestFinished(() => lease.release().catch(() => {})) // Some tests take it away.
  return () => lease.release()
}

/** Waits in this process until the test ends. @returns fulfilled when it is in */
export function waitFor(
  cwd: string,
  request: LeaseRequest,
  label: NonNullable<AcquireOptions['label']> = {},
): Promise<void> {
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const { signal } = controller
  return threadLeases({ root: cwd }, LOCK_ENV)
    .acquire(request, { label, signal })
    .then(
      (lease) => onTestFinished(() => lease.release().catch(() => {})),
      () => {},
    )
}

/** The ticket of a holder in another container, which nobody can judge from here. */
export function holdFromAfar(note: Readonly<Record<string, unknown>>): void {
  const dir = join(LOCK_DIR, 'v1', 'queues', 'afar-0123456789abcdef0123')
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, '1_all_inf_l-00000000-00000000-4242-4242-1_x'), JSON.stringify(note))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
}
