import { expect, it } from 'vitest';
import { nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

const BYTES = 20_000;
const ROW = 3_000;

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const me = await world.user(a, 'me');
    await world.hold(me, SYSTEM.Viewer, a);
    const fields = [{ key: 'k', label: 'x'.repeat(ROW) }];
    const ids: string[] = [];
    for (let n = 0; n < 8; n += 1) {
      ids.push((await world.row('form', a, `form ${n}`, { more: { fields } })).id);
    }
    return { me, ids, fields };
  },
  { answerBytes: BYTES },
);

async function asked(source: string, variables = {}) {
  let answer: Awaited<ReturnType<typeof shared.ask>> | undefined;
  const statements = await shared.statements(async () => {
    answer = await shared.ask(shared.w.me.email, source, variables);
  });
  if (answer === undefined) throw new Error('nothing was asked');
  return { ...answer, contents: statements.filter((text) => text.includes('"form"."fields"')) };
}

const REFUSED = `an answer has at most ${BYTES} bytes: ask for fewer rows, or for less of each`;

it('10.3 what rows hold is charged before it is read', async () => {
  const { errors, contents } = await asked('{ forms { edges { node { id fields } } } }');
  expect(errors.map(({ message }) => message)).toEqual([REFUSED]);
  expect(contents).toEqual([]);
});

it('10.3 a page within the bound has it all, in its order', async () => {
  const { data, errors } = await asked('{ forms(first: 5) { edges { node { name fields } } } }');
  expect(errors).toEqual([]);
  expect(nodesOf(data.forms)).toEqual(
    [0, 1, 2, 3, 4].map((n) => ({ name: `form ${n}`, fields: shared.w.fields })),
  );
});

it('10.3 aliases share it, and are loaded one after another', async () => {
  const page = 'forms(first: 2) { edges { node { fields } } }';
  const { errors, contents } = await asked(`{ a: ${page} b: ${page} c: ${page} d: ${page} }`);
  expect(new Set(errors.map(({ message }) => message))).toEqual(new Set([REFUSED]));
  expect(contents).toHaveLength(2);
});

it('10.3 so do rows by id, of whichever root', async () => {
  const { ids } = shared.w;
  const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Form { fields } } }';
  expect((await asked(nodes, { ids })).errors.map(({ message }) => message)).toEqual([REFUSED]);
  expect((await asked(nodes, { ids: ids.slice(5) })).errors).toEqual([]);
  const entities =
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Form { fields } } }';
  const of = ids.map((id) => ({ __typename: 'Form', id }));
  const { errors, contents } = await asked(entities, { of });
  expect(errors[0]?.message).toBe(REFUSED);
  expect(contents).toEqual([]);
});

it('10.3 what is loaded once and answered often is charged each time', async () => {
  const [id] = shared.w.ids;
  const aliases = Array.from({ length: 8 }, (_, n) => `a${n}: fields`).join(' ');
  const { data, errors } = await asked(`{ form(id: "${id}") { ${aliases} } }`);
  expect(data?.form ?? null).toBeNull();
  expect(errors[0]?.message).toBe(REFUSED);
});

it('10.3 the next request begins anew', async () => {
  for (let n = 0; n < 4; n += 1) {
    expect((await asked('{ forms(first: 5) { edges { node { fields } } } }')).errors).toEqual([]);
  }
});

it('10.3 names count with each row', async () => {
  const aliases = Array.from({ length: 20 }, (_, n) => `${'n'.repeat(100)}${n}: id`).join(' ');
  const ofRows = (first: number) =>
    asked(`{ forms(first: ${first}) { edges { node { ${aliases} } } } }`);
  expect((await ofRows(4)).errors).toEqual([]);
  const { errors } = await ofRows(8);
  expect(errors.map(({ message }) => message)).toContain(REFUSED);
});

it('10.3 an answer is as long as it is sent, whatever was loaded for it', async () => {
  const [id] = shared.w.ids;
  const copies = (count: number) =>
    asked(
      `{ form(id: "${id}") { ${Array.from({ length: count }, (_, n) => `a${n}: fields`).join(' ')} } }`,
    );
  expect((await copies(5)).errors).toEqual([]);
  expect((await copies(8)).errors.map(({ message }) => message)).toContain(REFUSED);
});
