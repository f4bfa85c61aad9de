import fs = require('node:fs')

/**
 * Clock, timers and file functions as they were when heddle was loaded. Tests fake timers, set the date and spy on
 * `fs`; a lease must not notice.
 */
export const {
  closeSync,
  constants: FS,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  statfsSync,
  statSync,
  unlinkSync,
  utimesSync,
  watch,
  writeSync,
} = fs

/** Ms since the epoch. */
export const { now: wallClock } = Date

/** Ms since some moment; never jumps. */
export const monotonicClock: () => number = performance.now.bind(performance)

export const { setTimeout: startTimer, clearTimeout: stopTimer, queueMicrotask: soon } = globalThis
