import { setTimeout } from 'node:timers/promises'

/** Stands for what makes real tests slow: a service that takes its time. */
export async function answerAfter(ms: number): Promise<string> {
  return setTimeout(ms, 'ok')
}
