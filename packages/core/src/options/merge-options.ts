import type { GroupOptions } from '../groups/rule.js'
import { withoutUndefined } from './object-schema.js'
import type { HeddleOptions } from './options.js'

/** Options of a file and inline ones as one, inline winning key by key; of rules, those that come first win. */
export function mergeOptions(file: HeddleOptions, inline: HeddleOptions): HeddleOptions {
  return {
    ...file,
    ...withoutUndefined(inline),
    ...(file.history || inline.history ? { history: { ...file.history, ...withoutUndefined(inline.history) } } : {}),
    ...(file.shards || inline.shards ? { shards: { ...file.shards, ...withoutUndefined(inline.shards) } } : {}),
    ...(file.groups && inline.groups ? { groups: mergeGroups(file.groups, inline.groups) } : {}),
    ...(file.resources && inline.resources
      ? {
          resources: { ...file.resources, ...withoutUndefined(inline.resources) } as NonNullable<
            HeddleOptions['resources']
          >,
        }
      : {}),
    ...(file.rules && inline.rules ? { rules: [...inline.rules, ...file.rules] } : {}),
  }
}

type Groups = Readonly<Record<string, GroupOptions>>

function mergeGroups(file: Groups, inline: Groups): Groups {
  const merged = Object.entries(inline).map(([name, group]) => [name, { ...file[name], ...withoutUndefined(group) }])
  return { ...file, ...(Object.fromEntries(merged) as Groups) }
}
