import { CATALOG } from '../catalog.js';
import { cover } from '../oracle/coverage.js';
import { mayRead } from '../oracle/decide.js';
import { CASCADING, type CascadingType, rootOf, TYPES } from '../world/types.js';
import { expectSame } from './difference.js';
import type { Random } from './random.js';
import { listSelection, print } from './selections.js';
import { ask, openSession, type Session } from './session.js';

const MOST = 40;

/** D1: no two objects share an id. Whatever is asked of an id, it is of one type. */
export async function askIds(session: Session, random: Random): Promise<void> {
  const { asking, seat } = session;
  const { tree } = asking;
  const roots = tree.of('Organization').flatMap(({ id }) => [id, rootOf(id)]);
  const ids = [...roots, ...random.some(tree.world.rows, MOST).map(({ id }) => id)];
  const parts = ids.flatMap((id, index) => [
    `node${index}: node(id: "${id}") { __typename }`,
    ...TYPES.map((type) => `${type}${index}: ${CATALOG[type].one}(id: "${id}") { __typename }`),
  ]);
  const { data } = await ask(session, `{ ${parts.join('\n')} }`);
  ids.forEach((id, index) => {
    const rows = TYPES.flatMap((type) => tree.find(type, id) ?? []);
    const seen = seat.guise === 'anonymous' ? [] : rows.filter((row) => mayRead(asking, row));
    cover('D1 an id is of something readable', seen.length > 0);
    const found = TYPES.filter((type) => (data?.[`${type}${index}`] ?? null) !== null);
    const [only = null, ...others] = seen.map(({ type }) => type);
    expectSame(`D1: of one type: ${id}`, others, []);
    expectSame(`D1: by its type: ${id}`, found, only === null ? [] : [only]);
    const node = (data?.[`node${index}`] ?? null) as { __typename: string } | null;
    expectSame(`D1: by node: ${id}`, node?.__typename ?? null, only);
  });
}

/** D1, D4: an organization's id and its root scope's name one place, in an argument and in the header. */
export async function askRootNames(session: Session, random: Random): Promise<void> {
  const { database, seat, asking, note } = session;
  const { tree, person } = asking;
  const own = tree.find('Organization', person.organizationId ?? '');
  const others = tree.of('Organization');
  const { id } = own !== undefined && random.chance(0.6) ? own : random.one(others);
  const [byOrganization, byRoot] = [
    await answersAt(session, id),
    await answersAt(session, rootOf(id)),
  ];
  expectSame(`D4: ${id} as a scope, by its organization or itself`, byOrganization, byRoot);
  const answers = [];
  for (const header of [id, rootOf(id)]) {
    const there = await openSession(database, tree.world, { ...seat, header }, note);
    answers.push(there === null ? null : await answersAt(there));
  }
  const [first, second] = answers;
  expectSame(`D4: ${id} in the header, by its organization or itself`, first, second);
}

/** Every list and a lookup of each kind. */
async function answersAt(session: Session, scope?: string) {
  const given = scope === undefined ? [] : [`scope: "${scope}"`];
  const lists = TYPES.map((type) => {
    const { many } = CATALOG[type];
    const args = [...given, 'first: 200'].join(', ');
    return `${many}: ${many}(${args}) { totalCount edges { cursor node ${print(type, listSelection(type))} } }`;
  });
  const { rows } = session.asking.tree.world;
  const lookups = (Object.keys(CASCADING) as CascadingType[]).map((type) => {
    const { field, by } = CATALOG[type].lookup as { field: string; by: string };
    const named = rows.find((row) => row.type === type);
    const name = JSON.stringify(String(named?.cells[CASCADING[type]] ?? 'a'));
    return `${field}: ${field}(${[...given, `${by}: ${name}`].join(', ')}) { id }`;
  });
  return ask(session, `{ ${[...lists, ...lookups].join('\n')} }`);
}
