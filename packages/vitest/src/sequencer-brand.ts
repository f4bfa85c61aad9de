/** Marks heddle's sequencers. */
export const SEQUENCER_BRAND = Symbol.for('heddle.vitest.sequencer')

/** Whether a sequencer is heddle's, also one from another copy of this module. */
export function isHeddleSequencer(sequencer: unknown): boolean {
  return typeof sequencer === 'function' && SEQUENCER_BRAND in sequencer
}
