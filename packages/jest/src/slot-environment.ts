import { applySlotVariables, isSlotVariable, type Slots } from '@heddle/core/serial'

/**
 * Sets the variables of the slots where test code looks for them: in the environment of its sandbox, which is a copy that
 * was made before, and in that of this process, which processes inherit that tests start.
 *
 * @param global of the sandbox
 * @returns to be called when the file is over: the main process, which runs files in band, is in no slot
 */
export function enterSlots(global: object, slots: Slots): () => void {
  const sandbox = environmentOf(global)
  if (sandbox !== undefined && sandbox !== process.env) applySlotVariables(sandbox, slots)
  const before = ownVariables()
  applySlotVariables(process.env, slots)
  return () => {
    for (const name of Object.keys(ownVariables())) Reflect.deleteProperty(process.env, name)
    Object.assign(process.env, before)
  }
}

/** Some environments have none. */
export function environmentOf(global: object): NodeJS.ProcessEnv | undefined {
  return (global as { readonly process?: { readonly env?: NodeJS.ProcessEnv } }).process?.env
}

function ownVariables(): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isSlotVariable(name)))
}
