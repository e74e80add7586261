import { expect, it } from 'vitest';
import { nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, SYSTEM } from '../support/world.js';

/** Each of them other than its default, so that whoever does not read it is noticed. */
const LIMITS = {
  depth: 5,
  pageSize: 2,
  maxPageSize: 3,
  nodeIds: 2,
  representations: 2,
  batchIds: 2,
  filterTerms: 6,
  filterRelations: 1,
  filterValues: 3,
  filterDepth: 4,
  answerFields: 12,
} as const;

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const viewer = await world.user(a, 'viewer');
  await world.hold(viewer, SYSTEM.Viewer, a);
  const forms: Identified[] = [];
  for (let n = 0; n < 4; n += 1) {
    const { id: workflowId } = await world.row('workflow', a, `workflow ${n}`);
    forms.push(await world.row('form', a, `form ${n}`, { more: { workflowId } }));
  }
  const type = await world.scopeType(a, 'MERGE');
  const top = await world.scope(a, 'top', type);
  for (let n = 0; n < 4; n += 1) await world.scope(top, `below ${n}`, type);
  return { viewer, forms, top };
}, LIMITS);

const ask = (source: string, variables = {}) =>
  shared.ask(shared.w.viewer.email, source, variables);

async function refusal(source: string, variables = {}): Promise<string | undefined> {
  const { errors } = await ask(source, variables);
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  return errors[0]?.message;
}

it('bound pages, whether or not a caller says how long', async () => {
  const { forms } = (await ask('{ forms { edges { node { id } } } }')).data;
  expect(nodesOf(forms)).toHaveLength(2);
  expect(await refusal('{ forms(first: 4) { totalCount } }')).toBe('a page has 0 to 3 rows');
  const { top } = shared.w;
  const children = (args: string) =>
    `{ scope(id: "${top.id}") { children${args} { edges { cursor } } } }`;
  expect((await ask(children(''))).data.scope.children.edges).toHaveLength(2);
  expect((await ask(children('(first: 3)'))).data.scope.children.edges).toHaveLength(3);
  expect(await refusal(children('(first: 4)'))).toBe('a page has 0 to 3 rows');
});

it('bound what is asked for by id', async () => {
  const ids = shared.w.forms.map(({ id }) => id);
  const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
  expect((await ask(nodes, { ids: ids.slice(2) })).data.nodes).toHaveLength(2);
  expect(await refusal(nodes, { ids })).toBe('at most 2 ids at once');
  const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }';
  const of = ids.map((id) => ({ __typename: 'Form', id }));
  expect((await ask(entities, { of: of.slice(2) })).data._entities).toHaveLength(2);
  expect(await refusal(entities, { of })).toBe('at most 2 representations at once');
});

it('bound filters', async () => {
  const where = (filter: string) => `{ forms(where: ${filter}) { totalCount } }`;
  const name = 'name: { eq: "x" }';
  expect((await ask(where(`{ ${name} not: { ${name} } }`))).errors).toHaveLength(0);
  expect(await refusal(where(`{ ${name} not: { ${name} isActive: { eq: true } } }`))).toBe(
    'the filters of a request take at most 6 terms',
  );
  expect(await refusal(where('{ workflow: { is: {} } not: { workflow: { is: {} } } }'))).toBe(
    'the filters of a request take at most 1 relations',
  );
  expect(await refusal(where('{ name: { in: ["1", "2", "3", "4"] } }'))).toBe(
    'the filters of a request take at most 3 values',
  );
  expect(await refusal(where('{ not: { not: { not: { not: {} } } } }'))).toBe(
    'the filter is nested too deeply',
  );
});

it('bound documents and answers', async () => {
  const deep = '{ forms { edges { node { workflow { organization { id } } } } } }';
  expect(await refusal(deep)).toBe('the query is 6 levels deep, of which 5 are allowed');
  const wide = '{ forms(first: 3) { edges { node { id name isActive } } } }';
  expect(await refusal(wide)).toContain('an answer has at most 12 fields');
});

it('bound the ids of a statement', async () => {
  const source = '{ forms(first: 3) { edges { node { workflow { id } } } } }';
  const sent = await shared.statements(() => ask(source));
  expect(sent.filter((text) => /FROM "[^"]*"\."workflow"/.test(text))).toHaveLength(2);
});
