import type { Marker } from '../common/marker.js'

/** Tells a template from one that is made later under the same name. */
export function templateId(name: string, marker: Marker): string {
  return `${name}@${marker.at}`
}
