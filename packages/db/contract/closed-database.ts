import { randomBytes } from 'node:crypto'
import type { PostgresScene } from './postgres-scene.js'

/** A database in which nobody may make another, and its URL. */
export async function closedDatabase(scene: PostgresScene): Promise<string> {
  const name = `heddle_closed_${randomBytes(4).toString('hex')}`
  await scene.asAdmin((client) => client.query(`create role ${name} login password 'pass'`))
  await scene.asAdmin((client) => client.query(`create database ${name} owner ${name}`))
  scene.onRemoved(() => scene.asAdmin((client) => client.query(`drop role ${name}`)))
  scene.onRemoving(() => scene.asAdmin((client) => client.query(`drop database ${name} with (force)`)))
  const url = new URL(scene.url)
  url.pathname = name
  url.username = name
  url.password = 'pass'
  return url.href
}
