/** Where photos are; read once, when the app is loaded. */
const BUCKET = process.env.PHOTO_BUCKET ?? ''

export async function addPhoto(name: string, content: string): Promise<void> {
  await fetch(`${BUCKET}/${name}`, { method: 'PUT', body: content })
}

export async function photo(name: string): Promise<string | undefined> {
  const response = await fetch(`${BUCKET}/${name}`)
  return response.ok ? response.text() : undefined
}
