export type { HeddleOptions } from '@heddle/core'
export { withHeddle } from './with-heddle.js'
