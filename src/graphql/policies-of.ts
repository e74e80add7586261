import { definePolicy, type Policy } from '../policy/define-policy.js';
import { allOf, never, via } from '../policy/predicate.js';
import { type DataModel, relationOf } from '../query/data-model.js';
import type { Resource } from './declared.js';

/**
 * The policies of resources, and of the tables that are parts of them: rows between two resources are
 * read with both of them, and of what is kept of shadows only the cascade makes use.
 */
export function policiesOf(dataModel: DataModel, resources: readonly Resource[]): Policy[] {
  const between = new Map<string, Map<string, Required>>();
  const shadows: Policy[] = [];
  for (const { model, relations, policy } of resources) {
    for (const [name, { far, class: fieldClass }] of relations) {
      if (far === undefined) continue;
      const { type, inverse } = relationOf(dataModel, model, name);
      const sides = between.get(type) ?? new Map<string, Required>();
      between.set(type, sides);
      demand(sides, inverse, fieldClass === 'managed' ? 'manage' : 'read');
      demand(sides, far, 'read');
    }
    if (policy.cascadesBy === undefined) continue;
    const { type } = relationOf(dataModel, model, 'shadows');
    shadows.push(internal(type, 'shadowing is a part of the cascade, not a resource'));
  }
  return [
    ...resources.map(({ policy }) => policy),
    ...[...between].map(([model, sides]) => betweenPolicy(model, sides)),
    ...shadows,
  ];
}

type Required = 'read' | 'manage';

/** INVARIANT: what one side says of rows between is not loosened by what the other side says. */
function demand(sides: Map<string, Required>, side: string, action: Required): void {
  if (sides.get(side) !== 'manage') sides.set(side, action);
}

/** What is managed needs Manage(read) on its row (D15), whichever side it is asked from. */
function betweenPolicy(model: string, sides: ReadonlyMap<string, Required>): Policy {
  return definePolicy(model, {
    actions: { read: allOf(...[...sides].map(([relation, action]) => via(relation, action))) },
    fields: { open: [...sides.keys()] },
  });
}

/** A table of which only the database and the policies themselves make use. */
export function internal(model: string, because: string): Policy {
  return definePolicy(model, { actions: { read: never(because) }, fields: { open: [] } });
}
