import { describe, expect, it } from 'vitest';
import { namesOf, withoutPages } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, PLATFORM, type RowKind } from '../support/world.js';

const ABSENT = '018f0000-0000-7000-8000-00000000dead';
const TYPES = [
  'Organization',
  'User',
  'Team',
  'ScopeType',
  'Scope',
  'Role',
  'Permission',
  'Form',
  'Workflow',
  'Agent',
  'App',
  'Config',
] as const;
type Type = (typeof TYPES)[number];
const one = (type: Type) => type.charAt(0).toLowerCase() + type.slice(1);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const other = await world.user(b, 'other');
  const project = await world.scope(a, 'project', 'Project', { externalId: 'hidden' });
  const closed = { access: 'ROLE_BASED' };
  const hidden = await world.row('workflow', a, 'hidden', closed);
  const shown = await world.row('workflow', a, 'shown');
  const launching = (workflow: Identified) => ({ more: { workflowId: workflow.id } });
  await world.row('form', a, 'launches hidden', launching(hidden));
  await world.row('form', a, 'launches shown', launching(shown));
  await world.row('form', a, 'launches nothing');
  const tools = (...workflows: Identified[]) => ({
    more: { tools: { create: workflows.map(({ id }) => ({ workflowId: id })) } },
  });
  const secretAgent = await world.row('agent', a, 'secret', { access: 'PRIVATE' });
  await world.row('agent', a, 'both tools', {
    more: {
      ...tools(hidden, shown).more,
      delegates: { create: [{ delegateId: secretAgent.id }] },
    },
  });
  await world.row('agent', a, 'hidden tool', tools(hidden));
  for (const name of ['a', 'b', 'c']) await world.row('app', a, `hidden ${name}`, closed);
  await world.row('app', a, 'shown');
  const rows: Record<Type, Identified> = {
    Organization: b,
    User: other,
    Team: await world.team(b, other, []),
    ScopeType: await world.scopeType(b, 'MERGE'),
    Scope: project,
    Role: await world.role(a),
    Permission: await world.permission(a, 'form:read:x'),
    Form: await world.row('form', b, 'form of B'),
    Workflow: hidden,
    Agent: secretAgent,
    App: await world.row('app', PLATFORM, 'hidden global', closed),
    Config: await world.row('config', a, 'hidden key'),
  };
  return { a, b, rows, user: await world.user(a), hidden };
});
const { ask } = shared;

/** What an answer says, whichever id was asked about. */
const told = (answer: object) => JSON.stringify(answer).replaceAll(/[0-9a-f-]{36}/g, 'ID');

describe.each(TYPES)('D14: a hidden %s', (type) => {
  it('is, by id, as if it did not exist', async () => {
    const source = /* GraphQL */ `
      query ($id: ID!, $entity: _Any!) {
        ${one(type)}(id: $id) { id }
        node(id: $id) { id __typename }
        nodes(ids: [$id, $id]) { id }
        _entities(representations: [$entity]) { ... on ${type} { id } }
        list: ${one(type)}s(first: 200, where: { id: { eq: $id } }) { totalCount edges { node { id } } }
        among: ${one(type)}s(first: 200, where: { or: [{ id: { in: [$id] } }] }) { totalCount }
        page: ${one(type)}s(first: 0) { totalCount pageInfo { hasNextPage } }
      }
    `;
    const about = (id: string) =>
      ask(shared.w.user.email, source, { id, entity: { __typename: type, id } });
    const hidden = await about(shared.w.rows[type].id);
    expect(told(hidden)).toBe(told(await about(ABSENT)));
    const { page, ...found } = hidden.data;
    expect(found).toEqual({
      [one(type)]: null,
      node: null,
      nodes: [null, null],
      _entities: [null],
      list: { totalCount: 0, edges: [] },
      among: { totalCount: 0 },
    });
    expect(page.pageInfo.hasNextPage).toBe(page.totalCount > 0);
    expect(hidden.errors).toEqual([]);
  });
});

describe('D14: hidden rows', () => {
  const LOOKUPS: Record<RowKind, [field: string, argument: string, hidden: string]> = {
    form: ['formByName', 'name', 'form of B'],
    workflow: ['workflowByName', 'name', 'hidden'],
    agent: ['agentByName', 'name', 'secret'],
    app: ['appBySlug', 'slug', 'hidden a'],
    config: ['configByKey', 'key', 'hidden key'],
  };

  it.each(Object.values(LOOKUPS))('%s(%s) answers the same as for no row', async (...lookup) => {
    const [field, argument, hidden] = lookup;
    const source = `query ($name: String!) { ${field}(${argument}: $name) { id } }`;
    const answers = [];
    for (const name of [hidden, 'there is no such row']) {
      answers.push(await ask(shared.w.user.email, source, { name }));
    }
    expect(answers[0]).toMatchObject({ status: 200, data: { [field]: null }, errors: [] });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('are not found by an external id', async () => {
    for (const externalId of ['hidden', 'absent']) {
      const source = `{ scopeByExternalId(externalId: "${externalId}") { id } }`;
      const answer = await ask(shared.w.user.email, source);
      expect(answer).toMatchObject({ status: 200, data: { scopeByExternalId: null }, errors: [] });
    }
  });

  it('are null in a to-one relation and absent from a to-many one, without an error', async () => {
    const source = /* GraphQL */ `
      {
        forms { edges { node { name workflow { name } } } }
        agents { edges { node { name ...Reached } } }
      }
      fragment Reached on Agent {
        tools { edges { node { name } } }
        delegates { edges { node { name } } }
      }
    `;
    const { data, errors } = await ask(shared.w.user.email, source);
    expect(errors).toEqual([]);
    expect(data.forms.edges.map(({ node }: { node: object }) => node)).toEqual([
      { name: 'launches hidden', workflow: null },
      { name: 'launches nothing', workflow: null },
      { name: 'launches shown', workflow: { name: 'shown' } },
    ]);
    expect(withoutPages(data.agents)).toEqual([
      { name: 'both tools', tools: [{ name: 'shown' }], delegates: [] },
      { name: 'hidden tool', tools: [], delegates: [] },
    ]);
  });

  it.each([
    ['{ workflow: { is: { name: { eq: "hidden" } } } }', []],
    ['{ workflow: { is: { name: { eq: "shown" } } } }', ['launches shown']],
    ['{ workflow: { is: {} } }', ['launches shown']],
    ['{ workflow: { isNull: true } }', ['launches hidden', 'launches nothing']],
    ['{ workflow: { isNull: false } }', ['launches shown']],
    [
      '{ not: { workflow: { is: { name: { eq: "hidden" } } } } }',
      ['launches hidden', 'launches nothing', 'launches shown'],
    ],
    ['{ not: { workflow: { isNull: true } } }', ['launches shown']],
  ])('do not exist for the filter %s of forms', async (where, names) => {
    const source = `{ forms(where: ${where}) { totalCount edges { node { name } } } }`;
    const { data, errors } = await ask(shared.w.user.email, source);
    expect(errors).toEqual([]);
    expect(namesOf(data.forms)).toEqual(names);
    expect(data.forms.totalCount).toBe(names.length);
  });

  it.each([
    ['{ tools: { some: {} } }', ['both tools']],
    ['{ tools: { some: { name: { eq: "hidden" } } } }', []],
    ['{ tools: { none: {} } }', ['hidden tool']],
    ['{ tools: { every: { name: { eq: "shown" } } } }', ['both tools', 'hidden tool']],
    ['{ not: { tools: { none: { name: { eq: "hidden" } } } } }', []],
    ['{ delegates: { some: {} } }', []],
  ])('do not exist for the filter %s of agents', async (where, names) => {
    const source = `{ agents(where: ${where}) { totalCount edges { node { name } } } }`;
    const { data, errors } = await ask(shared.w.user.email, source);
    expect(errors).toEqual([]);
    expect(namesOf(data.agents)).toEqual(names);
    expect(data.agents.totalCount).toBe(names.length);
  });

  it('are neither counted nor stepped over by pages and cursors', async () => {
    const page =
      'totalCount pageInfo { hasNextPage hasPreviousPage } edges { cursor node { slug } }';
    const { data } = await ask(
      shared.w.user.email,
      `{ first: apps(first: 1) { ${page} } last: apps(last: 1) { ${page} } }`,
    );
    for (const found of [data.first, data.last]) {
      expect(found).toMatchObject({
        totalCount: 1,
        pageInfo: { hasNextPage: false, hasPreviousPage: false },
        edges: [{ node: { slug: 'shown' } }],
      });
    }
  });
});
