import type { Condition } from './condition.js';

/** A Prisma `select`: columns, and relations with selects of their own. */
export type Facts = { [field: string]: true | { select: Facts } };

/** What a row must bring along for `evaluate` to answer a condition without an unknown. */
export function factsFor(condition: Condition): Facts {
  const facts: Facts = {};
  collect(condition, facts);
  return facts;
}

function collect(condition: Condition, facts: Facts): void {
  switch (condition.op) {
    case 'constant':
      return;
    case 'rule':
      collect(condition.of, facts);
      return;
    case 'and':
    case 'or':
      for (const part of condition.of) collect(part, facts);
      return;
    case 'related':
    case 'someRelated':
    case 'noneRelated': {
      const known = facts[condition.relation];
      const inner: Facts = typeof known === 'object' ? known.select : {};
      collect(condition.of, inner);
      // Prisma refuses an empty select; any relation of any model can be asked how many it has.
      facts[condition.relation] = Object.keys(inner).length === 0 ? true : { select: inner };
      return;
    }
    default:
      facts[condition.field] = true;
  }
}
