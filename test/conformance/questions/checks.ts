import { CATALOG } from '../catalog.js';
import { cover } from '../oracle/coverage.js';
import { type Asking, may, mayRead, mayUse, RESOURCE } from '../oracle/decide.js';
import { isCovered } from '../oracle/place.js';
import { ACTIONS } from '../world/built-in.js';
import { CASCADING, type Row, TYPES } from '../world/types.js';
import { wanted } from './by-id.js';
import { expectSame } from './difference.js';
import type { Random } from './random.js';
import { ask, type Session } from './session.js';

interface Pair {
  readonly row: Row;
  readonly action: string;
}

const isUsed = ({ type }: Row): boolean => type in CASCADING && type !== 'Config';

/** Of every row whether it may be read, and one thing more that there is to be done with it. */
function pairsOf(session: Session, random: Random): Pair[] {
  return wanted(session).flatMap((row) => {
    const others = (ACTIONS[RESOURCE[row.type]] ?? []).filter(
      (action) => !['read', 'create'].includes(action),
    );
    const more = random.one([...others, ...(isUsed(row) ? ['use'] : [])]);
    return [
      { row, action: 'read' },
      { row, action: more },
    ];
  });
}

/** D14: what may not be read is as if it were not there, whatever is held on it. */
function isPermitted(asking: Asking, { row, action }: Pair): boolean {
  if (!mayRead(asking, row)) return false;
  if (action === 'read') return true;
  const permitted = action === 'use' ? mayUse(asking, row) : may(asking, action, row);
  return cover('§4 a check of what may be done with a row', permitted);
}

/**
 * `check` = list = field, for every row: what is permitted to be read is what `nodes` shows a field of, and of it that is on its
 * list which the place covers; and what else is permitted is what the evaluator says.
 */
export async function askChecks(session: Session, random: Random): Promise<void> {
  const { asking } = session;
  if (asking.person.guise === 'anonymous') return;
  const pairs = pairsOf(session, random);
  const rows = pairs.filter(({ action }) => action === 'read').map(({ row }) => row);
  const checks = pairs.map(({ row, action }) => ({
    action,
    resourceType: RESOURCE[row.type],
    resourceId: row.id,
  }));
  const lists = TYPES.map(
    (type) =>
      `${type}: ${CATALOG[type].many}(first: 200${type in CASCADING ? ', includeShadowed: true' : ''})
        { edges { node { id } } }`,
  );
  const source = `query ($checks: [CheckInput!]!, $ids: [ID!]!) {
    checkMany(checks: $checks) { allowed answer } nodes(ids: $ids) { id } ${lists.join('\n')} }`;
  const answered = await ask(session, source, { checks, ids: rows.map(({ id }) => id) });
  expectSame('check = list = field: without an error', answered.errors, []);
  const data = answered.data as unknown as Answers;
  const found = pairs.map((pair, index) => [pair, data.checkMany[index]] as const);
  expectSame(
    'check: what may be done with each row',
    said(found.map(([pair, decision]) => [pair, decision?.answer === 'YES' && decision.allowed])),
    said(pairs.map((pair) => [pair, isPermitted(asking, pair)])),
  );
  const readable = found.filter(([{ action }, decision]) => action === 'read' && decision?.allowed);
  const ids = readable.map(([{ row }]) => row.id);
  expectSame(
    'check = field',
    ids,
    data.nodes.flatMap((node) => node?.id ?? []),
  );
  for (const type of TYPES) {
    const listed = new Set((data[type]?.edges ?? []).map(({ node }) => node.id));
    const own = rows.filter((row) => row.type === type && isCovered(asking.place, row));
    expectSame(
      `check = list: ${type}`,
      own.filter(({ id }) => listed.has(id)).map(({ id }) => id),
      own.filter(({ id }) => ids.includes(id)).map(({ id }) => id),
    );
  }
}

type Answers = {
  readonly checkMany: readonly { readonly allowed: boolean; readonly answer: string }[];
  readonly nodes: readonly ({ readonly id: string } | null)[];
} & Readonly<
  Record<string, { readonly edges: readonly { readonly node: { readonly id: string } }[] }>
>;

const said = (pairs: readonly (readonly [Pair, unknown])[]) =>
  Object.fromEntries(pairs.map(([{ row, action }, answer]) => [`${action} ${row.id}`, answer]));
