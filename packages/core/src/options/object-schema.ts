import type * as Valibot from 'valibot'

/** An object of known entries. Unlike v.strictObject it takes no arrays; unknown keys are looked for separately. */
export function objectOf<const E extends Valibot.ObjectEntries>(v: typeof Valibot, entries: E) {
  return v.pipe(
    v.custom<Valibot.InferInput<Valibot.ObjectSchema<E, undefined>>>(isObject, 'must be an object'),
    v.object(entries),
  )
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `{ silent: isQuiet ? true : undefined }` is to mean the same as leaving `silent` out. */
export function withoutUndefined<T extends object>(options: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>
}
