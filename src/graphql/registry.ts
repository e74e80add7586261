import type { Resource } from './declared.js';

const resources = new Map<string, Resource>();

/** Makes a resource known by its model. Throws when there are two of one. */
export function register(resource: Resource): void {
  if (resources.has(resource.model)) throw new Error(`two resources of ${resource.model}`);
  resources.set(resource.model, resource);
}

/** The resource of a model. Throws where the registry has none. */
export function resourceOf(model: string): Resource {
  const resource = resources.get(model);
  if (resource === undefined) throw new Error(`${model} is not declared as a resource`);
  return resource;
}

/** All resources, in the order in which they were declared. */
export function allResources(): readonly Resource[] {
  return [...resources.values()];
}

/** Whether a GraphQL type of this name is that of a resource. */
export function isResourceType(name: string): boolean {
  return resources.has(name);
}
