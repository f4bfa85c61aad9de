import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { runCommand } from './run-command.js'

const { signal } = new AbortController()
const place = { root: tmpdir(), env: process.env, signal }
const node = JSON.stringify(process.execPath)

test('a command runs in the root, with the variables', async () => {
  const env = { ...process.env, WANTED: tmpdir() }
  const code =
    "require('assert').equal(require('fs').realpathSync(process.cwd()), require('fs').realpathSync(process.env.WANTED))"
  await expect(runCommand(`${node} -e "${code}"`, { ...place, env })).resolves.toBeUndefined()
})

test('a command that fails is told with the end of its output', async () => {
  const script = `${node} -e "for (let i = 1; i < 100; i++) console.log('line ' + i); console.error('no such table'); process.exit(3)"`
  const failed = runCommand(script, place)
  await expect(failed).rejects.toThrow(
    /^HEDDLE_MIGRATION_FAILED: Cannot run ".*": exit code 3, its output ends with\n(?! {2}line 1\n)[^]*no such table\nFix: /,
  )
})

test('a command that does not exist is told by the shell', async () => {
  await expect(runCommand('no-such-command-of-ours', place)).rejects.toThrow(
    /exit code 127.*\n.*no-such-command-of-ours/,
  )
})

test('an aborted command ends with everything that it has started, and throws the reason', async () => {
  const abort = new AbortController()
  const running = runCommand(`${node} -e "setInterval(() => {}, 1000)" & wait`, { ...place, signal: abort.signal })
  abort.abort(new Error('the run ends'))
  await expect(running).rejects.toThrow('the run ends')
})
