const { setTimeout } = require('node:timers/promises')

/** Stands for what makes real tests slow: a service that takes its time. */
exports.answerAfter = (ms) => setTimeout(ms, 'ok')
