import { CATALOG } from '../catalog.js';
import { cover } from '../oracle/coverage.js';
import { mayRead } from '../oracle/decide.js';
import { viewOf } from '../oracle/view.js';
import { type Row, TYPES, type TypeName } from '../world/types.js';
import { expectSame } from './difference.js';
import type { Random } from './random.js';
import { everythingOf, FRAGMENTS } from './selections.js';
import { ask, type Session } from './session.js';

const JUNK = ['00000000-0000-7000-8000-00000000dead', 'not an id', '', '%'];

/** The rows that `nodes` is asked for: all that the world made, and some of what is built in. */
export function wanted({ asking: { tree } }: Session): Row[] {
  const { rows, builtIn } = tree.world;
  return rows.filter(
    (row, index) => !builtIn.has(row.id) || row.type !== 'Permission' || index % 20 === 0,
  );
}

/** `nodes`: what every row looks like to whoever knows its id, fields and relations included. */
export async function askNodes(session: Session): Promise<void> {
  const { asking } = session;
  const rows = wanted(session);
  const ids = [...rows.map((row) => row.id.toUpperCase()), ...JUNK];
  const source = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ${FRAGMENTS} } }`;
  const answered = await ask(session, source, { ids });
  if (asking.person.guise === 'anonymous') {
    expectSame('nodes', answered, {
      data: { nodes: null },
      errors: ['nodes: UNAUTHENTICATED'],
      withheld: [],
    });
    return;
  }
  const withheld = new Set<string>();
  const expected = rows.map((row) => {
    if (!cover(`D14 a ${row.type} exists for the caller`, mayRead(asking, row))) return null;
    const view = viewOf(asking, row, everythingOf(row.type as TypeName));
    for (const one of view.withheld) withheld.add(one);
    const fields = Object.entries(view.data).map(([field, value]) => [
      `${row.type}_${field}`,
      value,
    ]);
    return { __typename: row.type, id: row.id, ...Object.fromEntries(fields) };
  });
  expectSame('nodes: by id, all fields', answered, {
    data: { nodes: [...expected, ...JUNK.map(() => null)] },
    errors: [],
    withheld: [...withheld].sort(),
  });
}

/** What names rows besides their ids. */
const NATURAL = {
  App: { relation: 'scope', owner: 'Scope', column: 'slug' },
  Config: { relation: 'scope', owner: 'Scope', column: 'key' },
  Scope: { relation: 'organization', owner: 'Organization', column: 'externalId' },
} as const;

/** `t(id)`, `node` and `_entities`, also with ids of other types. */
export async function askByType(session: Session, random: Random): Promise<void> {
  const { asking } = session;
  const rows = wanted(session);
  const parts: string[] = [];
  const expected: Record<string, unknown> = {};
  const representations: object[] = [];
  const entities: unknown[] = [];
  TYPES.forEach((type) => {
    // Mostly of the type; the others must not be found under it.
    const own = rows.filter((row) => row.type === type);
    const asked = [...own.slice(0, 6), ...random.some(rows, 3)];
    asked.forEach((row, index) => {
      const alias = `${CATALOG[type].one}${index}`;
      parts.push(`${alias}: ${CATALOG[type].one}(id: ${JSON.stringify(row.id)}) { __typename id }`);
      const found = asking.tree.find(type, row.id);
      const readable = found !== undefined && mayRead(asking, found);
      expected[alias] = readable ? { __typename: type, id: row.id } : null;
      representations.push({ __typename: type, id: row.id });
      entities.push(expected[alias]);
    });
    const natural = NATURAL[type as keyof typeof NATURAL];
    if (natural === undefined) return;
    for (const found of own.slice(0, 6)) {
      const owner = asking.tree.find(natural.owner, found.one[natural.relation] ?? '');
      representations.push({
        __typename: type,
        [natural.relation]: { id: found.one[natural.relation] },
        [natural.column]: found.cells[natural.column],
      });
      // Where it belongs is hidden, or it has no such name: it is named by nothing.
      const isNamed =
        typeof found.cells[natural.column] === 'string' &&
        owner !== undefined &&
        mayRead(asking, owner);
      const isFound = cover('D14 a natural key names a row', isNamed && mayRead(asking, found));
      entities.push(isFound ? { __typename: type, id: found.id } : null);
    }
  });
  const row = random.one(rows);
  parts.push(`node(id: ${JSON.stringify(row.id)}) { __typename id }`);
  expected.node = mayRead(asking, row) ? { __typename: row.type, id: row.id } : null;
  const source = `query ($r: [_Any!]!) { ${parts.join('\n')}
    _entities(representations: $r) { __typename ${TYPES.map((type) => `... on ${type} { id }`).join(' ')} } }`;
  const answered = await ask(session, source, { r: representations });
  if (asking.person.guise === 'anonymous') {
    const leaked = Object.entries(answered.data ?? {}).filter(
      ([, value]) =>
        value !== null && !(Array.isArray(value) && value.every((one) => one === null)),
    );
    expectSame('anonymous by id', leaked, []);
    return;
  }
  expectSame('by id, node and _entities', answered, {
    data: { ...expected, _entities: entities },
    errors: [],
    withheld: [],
  });
}
