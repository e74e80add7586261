import { expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const closed = { access: 'ROLE_BASED' } as const;
const FORMS = '{ forms(first: 2) { totalCount edges { node { name } } pageInfo { hasNextPage } } }';

const sent: string[] = [];

/** A project with many forms that are nobody's to see, and a few that are somebody's. */
const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const project = await world.scope(a, 'project');
    const crew = await world.scope(project, 'crew', 'Environment');
    const own = await world.manager(a, ['form:read'], { dataAccess: 'OWN_DATA' });
    const crews = await world.manager(a, ['form:read'], { at: project });
    const all = await world.manager(a, ['form:read']);
    // What is nobody's is everybody's (D7).
    const theirs = { ...closed, owner: await world.user(a) };
    for (let n = 0; n < 12; n += 1) await world.row('form', a, `closed ${n}`, theirs);
    await world.row('form', a, 'mine', { ...closed, owner: own });
    await world.row('form', crew, 'of the crew', theirs);
    await world.row('form', a, 'open', {});
    const bound = await world.user(a);
    const [first, second, third] = [await world.role(a), await world.role(a), await world.role(a)];
    for (const role of [first, second, third]) await world.hold(bound, role, a);
    for (const n of [1, 2, 3]) {
      await world.row('form', a, `twice ${n}`, { ...theirs, roles: [first, second] });
    }
    await world.row('form', a, 'once', { ...theirs, roles: [third] });
    const split = await world.user(a);
    for (const name of ['left', 'right']) {
      const [place, role] = [await world.scope(a, name), await world.role(a)];
      await world.hold(split, role, place);
      await world.row('form', place, name, { ...theirs, roles: [role] });
    }
    return { world, theirs, a, crew, own, crews, all, bound, split };
  },
  // Of the first rows so many are looked at; more than so many are not few.
  { probedRows: 3, foundRows: 5 },
  (sql) => void sent.push(sql),
);

/** What a list shows, and whether its rows were found one by one. */
async function formsFor(who: string) {
  sent.length = 0;
  const { data, errors } = await shared.ask(who, FORMS);
  expect(errors).toEqual([]);
  const { totalCount, edges, pageInfo } = data.forms;
  const names = edges.map((edge: { node: { name: string } }) => edge.node.name);
  const compiled = sent.filter(
    (sql) => sql.includes(' AS answer') && !sql.includes('json_build_array('),
  );
  return { names, totalCount, more: pageInfo.hasNextPage, found: compiled.map(isFound) };
}
/** Of the organization's, page and number; of the global ones, of which there are none, the number alone. */
const isFound = (sql: string): boolean => sql.split(' f JOIN ').length > 2;

it('finds one by one what somebody owns, and what is open to all', async () => {
  const { email } = shared.w.own;
  const expected = { names: ['mine', 'open'], totalCount: 2, more: false };
  expect(await formsFor(email)).toMatchObject(expected);
  expect(await formsFor(email)).toEqual({ ...expected, found: [true] });
});

it('finds what is below a scope', async () => {
  const { email } = shared.w.crews;
  const expected = { names: ['of the crew', 'open'], totalCount: 2, more: false };
  expect(await formsFor(email)).toMatchObject(expected);
  expect(await formsFor(email)).toEqual({ ...expected, found: [true] });
});

it('finds each once that is bound to several roles, and leaves out none for that', async () => {
  const { email } = shared.w.bound;
  const expected = { names: ['once', 'open'], totalCount: 5, more: true };
  expect(await formsFor(email)).toMatchObject(expected);
  expect(await formsFor(email)).toEqual({ ...expected, found: [true] });
});

it('finds what is bound to a role that is held here, and to another that is held there', async () => {
  const { email } = shared.w.split;
  const expected = { names: ['left', 'open'], totalCount: 3, more: true };
  expect(await formsFor(email)).toMatchObject(expected);
  expect(await formsFor(email)).toEqual({ ...expected, found: [true] });
});

it('reads in its order what somebody may see much of', async () => {
  const expected = { names: ['closed 0', 'closed 1'], totalCount: 21, more: true };
  expect(await formsFor(shared.w.all.email)).toMatchObject(expected);
  expect(await formsFor(shared.w.all.email)).toEqual({ ...expected, found: [false] });
});

it('answers as ever when few become many, and goes over to reading them', async () => {
  const { world, theirs, a, crew, own, crews } = shared.w;
  for (const n of [1, 2, 3, 4]) {
    await world.row('form', a, `mine ${n}`, { ...closed, owner: own });
    await world.row('form', crew, `of the crew ${n}`, theirs);
  }
  const owned = { names: ['mine', 'mine 1'], totalCount: 6, more: true };
  // What was kept has no answer any more; it is asked anew.
  expect(await formsFor(own.email)).toEqual({ ...owned, found: [true, false] });
  expect(await formsFor(own.email)).toEqual({ ...owned, found: [false] });
  const below = { names: ['of the crew', 'of the crew 1'], totalCount: 6, more: true };
  expect(await formsFor(crews.email)).toEqual({ ...below, found: [true, false] });
  expect(await formsFor(crews.email)).toEqual({ ...below, found: [false] });
});
