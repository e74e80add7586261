import type { Models } from '../../decisions/kinds.js';
import { allResources } from '../../graphql/registry.js';

let known: Models | undefined;

/** The models of all resources, by what the vocabulary calls their types; for when all have been declared. */
export function models(): Models {
  known ??= new Map(
    allResources()
      .filter(({ part }) => part !== true)
      .map(({ resource, model }) => [resource, model]),
  );
  return known;
}
