import { CATALOG } from '../catalog.js';
import { cover } from '../oracle/coverage.js';
import type { Asking } from '../oracle/decide.js';
import { inOrder, relatedList, wholeList } from '../oracle/list.js';
import { isWithheld } from '../oracle/related.js';
import { viewOf } from '../oracle/view.js';
import { CASCADING, type Row, TYPES, type TypeName } from '../world/types.js';
import { expectSame } from './difference.js';
import { someWhere } from './filters.js';
import { keysOf, type ListArgs, someOrder } from './lists.js';
import { nameSomewhere, resolve } from './places.js';
import type { Random } from './random.js';
import { listSelection, print } from './selections.js';
import { type Answered, ask, type Session } from './session.js';

type PageArgs = Pick<ListArgs, 'first' | 'last' | 'after' | 'before'>;

/** A list below the rows of a list. */
interface Nested {
  readonly session: Session;
  readonly type: TypeName;
  readonly relation: string;
  readonly to: TypeName;
  /** Who asks, in the place of the outer list. */
  readonly there: Asking;
  readonly scope: string | null | undefined;
  readonly args: Pick<ListArgs, 'where' | 'orderBy'>;
}

interface Connection {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
}

const RELATIONS = TYPES.flatMap((type) =>
  Object.entries(CATALOG[type].toMany).flatMap(([relation, { to, whole }]) =>
    whole ? [] : [{ type, relation, to }],
  ),
);

/**
 * What rows are related to, of random arguments: as a whole, its first or last rows, and those beyond any row
 * of it, below all rows of a list at once.
 */
export async function askRelated(session: Session, random: Random): Promise<void> {
  const { type, relation, to } = random.one(RELATIONS);
  const scope = nameSomewhere(session, random);
  const place = resolve(session, scope === undefined ? {} : { scope });
  if (typeof place === 'string' || session.asking.person.guise === 'anonymous') return;
  const args = {
    ...(random.chance(0.5) ? { where: someWhere(session, to, random) } : {}),
    ...(random.chance(0.6) ? { orderBy: someOrder(to, random) } : {}),
  };
  const there = { ...session.asking, place };
  const nested: Nested = { session, type, relation, to, there, scope, args };
  const whole = await askPage(nested, { first: 200 });
  const size = random.below(4);
  const backwards = random.chance(0.5);
  const page = (cursor?: string): PageArgs =>
    backwards
      ? { last: size, ...(cursor === undefined ? {} : { before: cursor }) }
      : { first: size, ...(cursor === undefined ? {} : { after: cursor }) };
  await askPage(nested, page());
  if (whole.length === 0) return;
  const { cursor, id } = random.one(whole);
  await askPage(nested, page(cursor), session.asking.tree.get(to, id));
}

/** Asks for a page below each row of the list, compares all of them, and returns what is on them. */
async function askPage(
  nested: Nested,
  page: PageArgs,
  beyond?: Row,
): Promise<{ cursor: string; id: string }[]> {
  const { session, type, relation, to, there, args } = nested;
  const answered = await query(nested, page);
  const withheld = new Set<string>();
  const parents = wholeList(session.asking, {
    type,
    place: there.place,
    includeShadowed: type in CASCADING,
    where: {},
    order: keysOf(type, {}),
  });
  const edges = parents.map((parent) => {
    if (isWithheld(there, parent, relation)) {
      withheld.add(`${type}.${relation}`);
      return { node: { id: parent.id, related: null } };
    }
    return { node: { id: parent.id, related: expectedPage(nested, parent, page, beyond) } };
  });
  const expected = { data: { list: { edges } }, errors: [], withheld: [...withheld].sort() };
  const title = `${CATALOG[type].many} ${nested.scope} ${relation} of ${to} ${JSON.stringify({ ...args, ...page })}`;
  expectSame(title, withoutCursors(answered), expected);
  const { list } = answered.data as { list: { edges: { node: { related: Connection | null } }[] } };
  return list.edges.flatMap(({ node }) =>
    (node.related?.edges ?? []).map((edge) => ({ cursor: edge.cursor, id: edge.node.id })),
  );
}

function expectedPage(
  { there, relation, to, args }: Nested,
  parent: Row,
  { first, last, after, before }: PageArgs,
  beyond: Row | undefined,
): object {
  const order = keysOf(to, args);
  const all = relatedList(there, parent, relation, { where: args.where ?? {}, order });
  const backwards = last !== undefined;
  const compare = inOrder(order);
  const left = all.filter((row) => {
    if (beyond === undefined) return true;
    return backwards ? compare(row, beyond) < 0 : compare(row, beyond) > 0;
  });
  const size = last ?? first ?? 0;
  const rows = backwards ? left.slice(Math.max(0, left.length - size)) : left.slice(0, size);
  const more = cover('D14 a nested page is followed by others', rows.length < left.length);
  const came = after !== undefined || before !== undefined;
  return {
    totalCount: all.length,
    pageInfo: {
      hasNextPage: backwards ? came : more,
      hasPreviousPage: backwards ? more : came,
    },
    edges: rows.map((row) => ({ node: viewOf(there, row, listSelection(to)).data })),
  };
}

function query(nested: Nested, page: PageArgs): Promise<Answered> {
  const { session, type, relation, to, scope } = nested;
  const args: Record<string, unknown> = { ...nested.args, ...page };
  const types: Record<string, string> = {
    where: `${to}Filter`,
    orderBy: `[${to}Order!]`,
    first: 'Int',
    last: 'Int',
    after: 'String',
    before: 'String',
  };
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${types[name]}`);
  const given = names.map((name) => `${name}: $${name}`).join(', ');
  const outer = ['first: 200'];
  if (type in CASCADING) outer.push('includeShadowed: true');
  if (scope !== undefined) {
    outer.push('scope: $scope');
    declared.push('$scope: ID');
  }
  const source = `query (${declared.join(', ')}) {
    list: ${CATALOG[type].many}(${outer.join(', ')}) { edges { node { id
      related: ${relation}(${given}) { totalCount
        pageInfo { hasNextPage hasPreviousPage }
        edges { cursor node ${print(to, listSelection(to))} } } } } } }`;
  return ask(session, source, { ...args, ...(scope === undefined ? {} : { scope }) });
}

/** What a cursor says is seen by what comes behind it. */
function withoutCursors(answered: Answered): unknown {
  return JSON.parse(
    JSON.stringify(answered, (key, value: unknown) => (key === 'cursor' ? undefined : value)),
  );
}
