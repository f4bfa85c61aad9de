import type { ResourceOptions } from './resource-thread.js'

/** The names of the resources of heddle.config; any, where nobody has declared `HeddleResources`. */
export type ResourceName = [keyof HeddleResources] extends [never] ? string : Extract<keyof HeddleResources, string>

/** What tests see of the resource of that name. */
export type HandleOfResource<Name extends string> = Name extends keyof HeddleResources ? HeddleResources[Name] : object

/** What the adapters offer as `resource`. */
export type ResourceFunction = <Name extends ResourceName>(
  name: Name,
  options?: ResourceOptions,
) => () => HandleOfResource<Name>
