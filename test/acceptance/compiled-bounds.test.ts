import { expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const LONG = 'x'.repeat(150_000);
const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const reader = await world.manager(a, ['form:read', 'scope:read']);
  const more = { fields: [{ name: 'a', type: 'text', label: LONG }] };
  const long = await world.row('form', a, 'long', { more });
  await world.row('form', a, 'short', {});
  return { a, reader, long };
});
const ask = (query: string, variables = {}) => shared.ask(shared.w.reader.email, query, variables);

it('a row is not written so often that nobody could send it', async () => {
  const aliases = Array.from({ length: 15 }, (_, index) => `a${index}: fields`).join(' ');
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Form { ${aliases} } } }`;
  const { data, errors } = await ask(query, { ids: Array(200).fill(shared.w.long.id) });
  // The other path says so, by what it counts; nobody makes half a gigabyte first.
  expect(data?.nodes ?? null).toBeNull();
  expect(errors[0]?.message).toMatch(/an answer has at most/);
});

it('contents of rows below a row are answered, too', async () => {
  const query = '{ scopes { edges { node { forms { edges { node { name fields } } } } } } }';
  const { data, errors } = await ask(query);
  expect(errors).toEqual([]);
  const [scope] = data.scopes.edges;
  expect(scope.node.forms.edges).toHaveLength(2);
});

it('what a list of ids costs is counted whatever was asked before', async () => {
  const below =
    'scopes(first: 200) { edges { node { forms(first: 200) { edges { node { id name } } } } } }';
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { ${below} } } }`;
  const representation = { __typename: 'Organization', id: shared.w.a.id };
  expect((await ask(query, { r: [representation] })).errors).toEqual([]);
  expect((await ask(query, { r: [representation] })).errors).toEqual([]);
  const { errors } = await ask(query, { r: Array(600).fill(representation) });
  expect(errors[0]?.message).toMatch(/could answer too much/);
});

it('a variable that is null where it may not be is told as ever', async () => {
  const { errors } = await ask('query ($id: ID = "x") { form(id: $id) { id } }', { id: null });
  expect(errors).toHaveLength(1);
});

it('a variable that is null is not one that was left out', async () => {
  const query = 'query ($n: Int = 1) { forms(first: $n) { edges { node { name } } } }';
  const count = async (variables: object) => (await ask(query, variables)).data.forms.edges.length;
  expect([
    await count({}),
    await count({}),
    await count({ n: null }),
    await count({ n: null }),
  ]).toEqual([1, 1, 2, 2]);
});
