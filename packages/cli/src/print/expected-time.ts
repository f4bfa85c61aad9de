import { formatMs, type Job } from '@heddle/core'

/** `1.2 s`, or `~1.2 s` where it is a guess. */
export function expectedTime({ expectedMs, isKnown }: Pick<Job, 'expectedMs' | 'isKnown'>): string {
  return isKnown ? formatMs(expectedMs) : `~${formatMs(expectedMs)}`
}
