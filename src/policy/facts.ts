import type { Residual } from './residual.js';

/** A Prisma `select`: columns, and relations with selects of their own. */
export type Facts = { [field: string]: true | { select: Facts } };

/** What a row must bring along for `evaluate` to answer a residual without an unknown. */
export function factsFor(residual: Residual): Facts {
  const facts: Facts = {};
  collect(residual, facts);
  return facts;
}

function collect(residual: Residual, facts: Facts): void {
  switch (residual.op) {
    case 'constant':
      return;
    case 'rule':
      collect(residual.of, facts);
      return;
    case 'and':
    case 'or':
      for (const part of residual.of) collect(part, facts);
      return;
    case 'related':
    case 'someRelated':
    case 'noneRelated': {
      const known = facts[residual.relation];
      const inner: Facts = typeof known === 'object' ? known.select : {};
      collect(residual.of, inner);
      // Prisma refuses an empty select; any relation of any model can be asked how many it has.
      facts[residual.relation] = Object.keys(inner).length === 0 ? true : { select: inner };
      return;
    }
    case 'pairs':
      for (const field of residual.fields) facts[field] = true;
      return;
    default:
      facts[residual.field] = true;
  }
}
