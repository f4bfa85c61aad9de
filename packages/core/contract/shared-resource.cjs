// What the tests of shared things share: it says in one log what is done to it, one line per write.
const { appendFileSync, existsSync } = require('node:fs')
const { setTimeout: sleep } = require('node:timers/promises')

const { log, failures = 0, createMs = 20, hangsUntil } = JSON.parse(process.env['SHARED_RESOURCE'])

exports.note = (event, of = '') => appendFileSync(log, `${event} ${of} ${process.pid}\n`)

exports.create = async () => {
  exports.note('creates')
  await sleep(createMs)
  const isHanging = () => hangsUntil !== undefined && !existsSync(hangsUntil)
  while (isHanging()) await sleep(5)
  if (failures > 0 && !existsSync(`${log}.failed-${failures}`)) {
    const count = [1, 2, 3, 4].find((n) => !existsSync(`${log}.failed-${n}`))
    appendFileSync(`${log}.failed-${count}`, '')
    exports.note('failed')
    throw Object.assign(new TypeError(`no luck ${count}`), { code: 'ENOLUCK' })
  }
  const id = `${process.pid}-${Math.random().toString(36).slice(2)}`
  exports.note('created', id)
  return { id }
}

exports.destroy = async ({ id }) => {
  exports.note('destroys', id)
  await sleep(5)
  exports.note('destroyed', id)
}
