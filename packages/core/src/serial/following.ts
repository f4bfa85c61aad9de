/** Runs `body` and calls `then` when it has ended: when its promise is settled, if it gives one. @returns what it gives */
export function following(body: () => unknown, then: () => void): unknown {
  let result: unknown
  try {
    result = body()
  } catch (error) {
    then()
    throw error
  }
  if (isThenable(result)) result.then(then, then)
  else then()
  return result
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
