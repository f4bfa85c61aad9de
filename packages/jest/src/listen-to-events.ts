/** First of all those who listen to an event. */
export async function before(next: () => unknown, first: () => Promise<void>): Promise<void> {
  await first()
  await next()
}

/** Last of all those who listen to an event. */
export async function after(next: () => unknown, last: () => Promise<void>): Promise<void> {
  try {
    await next()
  } finally {
    await last()
  }
}
