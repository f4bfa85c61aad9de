const { withHeddle } = require('@heddle/jest')

module.exports = withHeddle({ testEnvironment: 'node' })
