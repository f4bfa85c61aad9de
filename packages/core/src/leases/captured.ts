import crypto = require('node:crypto')
import fs = require('node:fs')

/**
 * Clock, timers and file functions as they were when heddle was loaded. Tests fake timers, set the date and spy on
 * `fs`; a lease must not notice.
 */
export const {
  accessSync,
  chmodSync,
  closeSync,
  constants: FS,
  existsSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  watch,
  writeFileSync,
  writeSync,
} = fs

/** With signal 0 it only tells whether the process exists. */
export const sendSignal: (pid: number, signal: 0) => true = process.kill.bind(process)

/** Of the process. @throws `ENOENT` if it was removed before anybody asked */
export const workingDir: () => string = process.cwd.bind(process)

/** @throws `ENOENT`; in a worker thread always */
export const changeDir: (dir: string) => void = process.chdir.bind(process)

/** From 0 to 1. */
export const { random } = Math

/** Ms since the epoch. */
export const { now: wallClock } = Date

/** Ms since some moment; never jumps. */
export const monotonicClock: () => number = performance.now.bind(performance)

export const {
  setTimeout: startTimer,
  clearTimeout: stopTimer,
  queueMicrotask: soon,
  setImmediate: nextTurn,
} = globalThis

export const { createHash, randomBytes } = crypto
