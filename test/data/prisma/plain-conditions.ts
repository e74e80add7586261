import type { Row } from '../../../src/policy/evaluate.js';
import type { Principal } from '../../../src/policy/principal.js';

type Truth = true | false | undefined;

/** D11 as it is written: JSON Logic with strict comparison and three values; `undefined` is unknown. */
export function plainly(json: unknown, row: Row, who: Principal): Truth {
  if (typeof json === 'boolean') return json;
  const [operator = '', args] = Object.entries(json as object)[0] ?? [];
  const truths = () => (args as unknown[]).map((one) => plainly(one, row, who));
  if (operator === 'and') {
    const all = truths();
    return all.includes(false) ? false : all.includes(undefined) ? undefined : true;
  }
  if (operator === 'or') {
    const all = truths();
    return all.includes(true) ? true : all.includes(undefined) ? undefined : false;
  }
  if (operator === '!') {
    const one = plainly(Array.isArray(args) ? args[0] : args, row, who);
    return one === undefined ? undefined : !one;
  }
  const [left, right] = (args as unknown[]).map((one) => worthOf(one, row, who));
  if (left === undefined || right === undefined) return undefined;
  const [a, b] = [left, right].some((one) => one instanceof Date)
    ? [left, right].map((one) => new Date(one as string).getTime())
    : [left, right];
  switch (operator) {
    case '==':
    case '===':
      return a === b;
    case '!=':
    case '!==':
      return a !== b;
    case 'in':
      return (b as unknown[]).includes(a);
    default:
      if (typeof a !== 'number' || typeof b !== 'number') return undefined;
      return { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator];
  }
}

function worthOf(json: unknown, row: Row, who: Principal): unknown {
  if (typeof json !== 'object' || json === null || !('var' in json)) return json;
  const path = String(json.var).split('.');
  const [root = '', first = ''] = path;
  if (String(json.var) === 'scope.type') return (row.scope as { type: { name: string } }).type.name;
  const roots: Record<string, unknown> = {
    resource: row,
    scope: row.scope,
    principal: {
      id: who.userId,
      kind: who.kind,
      organizationId: who.organizationId,
      teamIds: who.teams.resolved ? who.teams.ids : null,
    },
    context: { now: new Date(String(who.readAt)) },
  };
  const found = [first, ...path.slice(2)].reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && !Array.isArray(at)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    roots[root],
  );
  return found ?? undefined;
}
