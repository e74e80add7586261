import { describe, expect, it } from 'vitest';
import { namesOf, nodesOf, refusals, withoutPages } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, PLATFORM, type Spot, type World } from '../support/world.js';

// Of equal names too; what is hidden lies between what is not.
const TOOLS = ['c', 'a', 'B', 'b', 'é', 'b', 'z'];
/** So many of them are global, where nobody of a tenant manages anything. */
const GLOBAL = 2;
const TIMES = ['2026-01-01T00:00:00.001Z', '2026-01-01T00:00:00.002Z'];

async function plantTools(world: World, a: Spot, spots: readonly Spot[]) {
  const tools: Identified[] = [];
  for (const [n, name] of TOOLS.entries()) {
    const at = spots[n % spots.length] ?? a;
    const createdAt = TIMES[n % TIMES.length];
    // A name once a scope.
    const named = n >= 5 ? `${name} again` : name;
    tools.push(await world.row('workflow', at, named, { more: { createdAt } }));
    const secret = { access: 'ROLE_BASED', more: { createdAt, description: 'secret' } };
    tools.push(await world.row('workflow', at, `${named} hidden`, secret));
  }
  return tools;
}

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'project');
  const user = await world.user(a, 'user');
  const seesAll = await world.manager(a, ['workflow:read', 'agent:read']);
  const tools = await plantTools(world, a, [a, project, PLATFORM]);
  const agents: Identified[] = [];
  for (let n = 0; n < 8; n += 1) {
    // The first has all of them, the last none.
    const some = tools.filter((_, index) => n === 0 || (n < 7 && index % n === 0));
    const create = some.map(({ id }) => ({ workflowId: id }));
    agents.push(await world.row('agent', a, `agent ${n}`, { more: { tools: { create } } }));
  }
  const reader = await world.manager(a, [
    'workflow:read',
    'agent:read',
    'organization:read',
    'scope:read',
  ]);
  // One that several agents have.
  const [tool] = tools;
  if (tool === undefined) throw new Error('there are tools');
  return { a, project, user, seesAll, reader, agents, tool };
});
const ask = (source: string, variables = {}, who: 'user' | 'seesAll' | 'reader' = 'user') =>
  shared.ask(shared.w[who].email, source, variables);

interface Page {
  readonly totalCount: number;
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
}

/** A page of the tools of each agent. */
async function pages(args: string, who: 'user' | 'seesAll' = 'user'): Promise<Page[]> {
  const source = `{ agents { edges { node { tools${args && `(${args})`} {
    totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id } }
  } } } } }`;
  const { data, errors } = await ask(source, {}, who);
  expect(errors).toEqual([]);
  return nodesOf<{ tools: Page }>(data.agents).map(({ tools }) => tools);
}

const idsOf = (page: Page | undefined): string[] =>
  nodesOf<{ id: string }>(page ?? { edges: [] }).map(({ id }) => id);

/** The ids of a root list that has the same rows, in an order. */
async function inOrder(order: string, who: 'user' | 'seesAll'): Promise<string[]> {
  const args = `first: 200, includeShadowed: true, ${order}`;
  const source = `{ workflows(${args}) { edges { node { id } } } }`;
  const { data } = await ask(source, {}, who);
  return nodesOf<{ id: string }>(data.workflows).map(({ id }) => id);
}

const ORDERS = [
  'orderBy: []',
  'orderBy: [{ field: NAME, direction: DESC }]',
  'orderBy: [{ field: CREATED_AT }]',
  'orderBy: [{ field: CREATED_AT, direction: DESC }, { field: NAME }]',
  'orderBy: [{ field: ID, direction: DESC }]',
];

describe.each(['user', 'seesAll'] as const)('the tools of agents, for %s', (who) => {
  it.each(ORDERS)('are those of the root list, as a whole and by pages, in %s', async (order) => {
    const readable = await inOrder(order, who);
    const [whole, ...others] = await pages(`first: 200, ${order}`, who);
    expect(idsOf(whole)).toEqual(readable);
    expect(readable).toHaveLength(who === 'user' ? TOOLS.length : TOOLS.length * 2 - GLOBAL);
    expect(others.some((one) => one.edges.length === 0)).toBe(true);
    for (const { totalCount, edges, pageInfo } of [whole as Page, ...others]) {
      expect(totalCount).toBe(edges.length);
      expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    }
    for (const backwards of [false, true]) {
      const seen: string[] = [];
      let cursor = '';
      for (let more = true; more; ) {
        const from = backwards ? 'last: 3' : 'first: 3';
        const [page] = await pages(`${from}, ${cursor} ${order}`, who);
        const { pageInfo, totalCount } = page as Page;
        expect(totalCount).toBe(readable.length);
        seen.splice(backwards ? 0 : seen.length, 0, ...idsOf(page));
        more = backwards ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
        expect(more).toBe(seen.length < readable.length);
        expect(backwards ? pageInfo.hasNextPage : pageInfo.hasPreviousPage).toBe(cursor !== '');
        cursor = backwards
          ? `before: "${pageInfo.startCursor}",`
          : `after: "${pageInfo.endCursor}",`;
      }
      expect(seen).toEqual(readable);
    }
  });
});

describe('a page of nested rows', () => {
  it('is one of each row that has the list, with the same cursor', async () => {
    const [whole, ...others] = await pages('first: 200');
    const all = idsOf(whole);
    const after = whole?.edges[2]?.cursor;
    const beyond = await pages(`first: 2, after: "${after}"`);
    for (const [n, page] of [whole as Page, ...others].entries()) {
      const left = idsOf(page).filter((id) => all.indexOf(id) > 2);
      expect(idsOf(beyond[n])).toEqual(left.slice(0, 2));
      expect(beyond[n]?.pageInfo.hasNextPage).toBe(left.length > 2);
      expect(beyond[n]?.totalCount).toBe(page.edges.length);
    }
  });

  it('may be empty, and says whether there are rows all the same', async () => {
    const none = await pages('first: 0');
    const some = (await pages('')).map(({ edges }) => edges.length > 0);
    expect(none.map(({ edges }) => edges)).toEqual(none.map(() => []));
    expect(none.map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual(some);
  });

  it('under another alias with other arguments is another one', async () => {
    const source = `{ agents(first: 1) { edges { node {
      first: tools(first: 1) { ...names }
      last: tools(last: 1) { ...names }
      down: tools(first: 1, orderBy: { field: NAME, direction: DESC }) { ...names }
      some: tools(where: { name: { eq: "c" } }) { ...names totalCount }
      all: tools { totalCount }
    } } } } fragment names on WorkflowConnection { edges { node { name } } }`;
    const { data, errors } = await ask(source);
    expect(errors).toEqual([]);
    expect(nodesOf(data.agents)).toMatchObject([
      {
        first: { edges: [{ node: { name: 'B' } }] },
        last: { edges: [{ node: { name: 'é' } }] },
        down: { edges: [{ node: { name: 'é' } }] },
        some: { edges: [{ node: { name: 'c' } }], totalCount: 1 },
        all: { totalCount: TOOLS.length },
      },
    ]);
  });

  it('is filtered as a list is, and charged once however many rows have it', async () => {
    const or = Array.from({ length: 60 }, (_, n) => ({ name: { eq: `${n} no` } }));
    const where = { or: [...or, { name: { contains: 'again' } }] };
    const source = `query ($where: WorkflowFilter) { agents { edges { node {
      tools(where: $where) { totalCount edges { node { name } } }
    } } } }`;
    const { data, errors } = await ask(source, { where });
    expect(errors).toEqual([]);
    const [first] = nodesOf<{ tools: Page }>(data.agents);
    expect(first?.tools.totalCount).toBe(2);
    expect(namesOf(first?.tools as never)).toEqual(['b again', 'z again']);
  });

  it('D15: finds by a management field what is managed', async () => {
    const where = '{ endpoint: { contains: "example" } }';
    const totals = async (who: 'user' | 'seesAll') =>
      (await pages(`where: ${where}`, who))[0]?.totalCount;
    expect(await totals('user')).toBe(0);
    expect(await totals('seesAll')).toBe((TOOLS.length - GLOBAL) * 2);
  });

  it('D14: tells nothing of what is hidden, by its numbers, its cursors or its length', async () => {
    for (const page of await pages('first: 1, where: { description: { eq: "secret" } }')) {
      expect(page).toMatchObject({ totalCount: 0, edges: [] });
      expect(page.pageInfo).toMatchObject({ hasNextPage: false, endCursor: null });
    }
  });

  it.each([
    'first: -1',
    'last: 201',
    'first: 1, last: 1',
    'after: "nonsense"',
    'orderBy: [{ field: NAME }, { field: NAME }]',
    'where: { name: {} }',
  ])('is refused once for tools(%s)', async (args) => {
    const source = `{ agents { edges { node { tools(${args}) { totalCount } } } } }`;
    const { errors } = await ask(source);
    expect(refusals(errors)).toEqual(['BAD_USER_INPUT agents.edges.0.node.tools']);
  });
});

describe('what a nested list takes', () => {
  const sent = async (fields: string): Promise<string[]> => {
    const source = `{ agents(first: 3) { edges { node { ${fields} } } } }`;
    const all = await shared.statements(() => ask(source));
    return all.filter((sql) => sql.includes('"agent_tool"'));
  };

  it('is bounded by the database, a page for each row', async () => {
    const [page, ...more] = await sent('tools(first: 2) { edges { node { name } } }');
    expect(more).toEqual([]);
    expect(page).toMatch(/LATERAL .* LIMIT \$\d+ .* ON true/s);
  });

  it('is no page where only its number is asked for, and no number where only a page is', async () => {
    const [counted, ...more] = await sent('tools { totalCount }');
    expect(more).toEqual([]);
    // Of these agents alone, and not of all that there are.
    expect(counted).toMatch(/LATERAL \(SELECT COUNT\(\*\)/);
    expect(
      await sent('tools { totalCount pageInfo { hasNextPage } edges { cursor } }'),
    ).toHaveLength(2);
  });
});

describe('the ways back', () => {
  it('lead from a scope to what lies there, from a user to teams and roles, from a workflow to forms', async () => {
    const { world } = shared;
    const c = await world.organization('C');
    const project = await world.scope(c, 'project');
    const reader = await world.user(c, 'reader');
    const viewer = { id: '00000000-0000-7000-8000-000000000023' };
    await world.hold(reader, viewer, c);
    const team = await world.team(c, reader, [reader]);
    const role = await world.role(project, ['form:read'], { name: 'x' });
    await world.hold({ team }, role, project);
    const workflow = await world.row('workflow', project, 'w');
    await world.row('form', project, 'f', { more: { workflowId: workflow.id } });
    const one = { tools: { create: [{ workflowId: workflow.id }] } };
    const agent = await world.row('agent', project, 'g', { more: one });
    const two = { delegates: { create: [{ delegateId: agent.id }] } };
    await world.row('agent', project, 'h', { more: two });
    await world.row('config', project, 'k');
    const source = /* GraphQL */ `
      query ($scope: ID!, $user: ID!, $workflow: ID!, $organization: ID!, $agent: ID!) {
        scope(id: $scope) {
          forms { ...F }
          workflows { edges { node { name } } }
          agents { ...G }
          apps { totalCount }
          configs { edges { node { key } } }
          roles { edges { node { name holders { ...M } permissions { edges { node { key roles(where: { name: { eq: "x" } }) { totalCount } } } } } } }
          permissions { totalCount }
          members { ...M }
        }
        user(id: $user) { teams { edges { node { members { edges { node { name } } } memberships { ...M } } } } memberships { ...M } }
        workflow(id: $workflow) { forms { ...F } agents { ...G } }
        agent(id: $agent) { delegators { ...G } }
        organization(id: $organization) {
          scopes { edges { node { name } } }
          users { edges { node { name } } }
          teams { totalCount }
        }
      }
      fragment F on FormConnection { edges { node { name } } }
      fragment G on AgentConnection { edges { node { name } } }
      fragment M on MembershipConnection {
        edges { node { user { name } team { id } scope { name } roles { edges { node { name } } } } }
      }
    `;
    const variables = {
      scope: project.id,
      user: reader.id,
      workflow: workflow.id,
      organization: c.id,
      agent: agent.id,
    };
    const { data, errors } = await shared.ask(reader.email, source, variables);
    expect(errors).toEqual([]);
    const ofTeam = {
      user: null,
      team: { id: team.id },
      scope: { name: 'project' },
      roles: [{ name: 'x' }],
    };
    const own = {
      user: { name: 'reader' },
      team: null,
      scope: { name: null },
      roles: [{ name: 'Viewer' }],
    };
    expect(withoutPages(data)).toEqual({
      scope: {
        forms: [{ name: 'f' }],
        workflows: [{ name: 'w' }],
        agents: [{ name: 'g' }, { name: 'h' }],
        apps: { totalCount: 0 },
        configs: [{ key: 'k' }],
        roles: [
          {
            name: 'x',
            holders: [ofTeam],
            permissions: [{ key: 'form:read:*', roles: { totalCount: 1 } }],
          },
        ],
        permissions: { totalCount: 0 },
        members: [ofTeam],
      },
      user: {
        teams: [{ members: [{ name: 'reader' }], memberships: [ofTeam] }],
        memberships: [own],
      },
      workflow: { forms: [{ name: 'f' }], agents: [{ name: 'g' }] },
      agent: { delegators: [{ name: 'h' }] },
      organization: {
        scopes: [{ name: 'project' }, { name: null }],
        users: [{ name: 'reader' }],
        teams: { totalCount: 1 },
      },
    });
    const stranger = await shared.ask(shared.w.seesAll.email, source, variables);
    expect(Object.values(stranger.data).every((one) => one === null)).toBe(true);
  });
});

describe('issue 10: rows of several types at one place of the answer', () => {
  const source = `query ($ids: [ID!]!) { nodes(ids: $ids) {
    ... on Agent { x: tools(where: { name: { eq: "nope" } }) { totalCount edges { node { name } } } }
    ... on Workflow { x: agents(first: 1) { totalCount edges { node { name } } } }
    ... on Scope { x: workflows { totalCount edges { node { name } } } }
  } }`;

  it('are asked what each is asked, whichever comes first', async () => {
    const { agents, a, project, tool } = shared.w;
    const ids = [agents[0]?.id, tool.id, a.scopeId, project.scopeId];
    const answers = [];
    for (const order of [ids, ids.toReversed()]) {
      const { data, errors } = await ask(source, { ids: order }, 'reader');
      expect(errors).toEqual([]);
      answers.push(order === ids ? data.nodes : data.nodes.toReversed());
    }
    const [first, second] = answers;
    expect(first).toEqual(second);
    expect(first[0].x).toEqual({ totalCount: 0, edges: [] });
    expect(first[1].x.edges).toHaveLength(1);
    expect(first[1].x.totalCount).toBeGreaterThan(1);
    expect(first[2].x.totalCount).toBeGreaterThan(1);
    expect(first[3].x.totalCount).not.toBe(first[2].x.totalCount);
  });

  it('also where only what is above tells them apart', async () => {
    const { agents, tool } = shared.w;
    const ids = [agents[0]?.id, tool.id];
    const nested = `query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on Agent { x: organization { y: scopes(first: 1) { edges { node { id } } } } }
      ... on Workflow { x: organization { y: scopes(first: 2) { edges { node { id } } } } }
    } }`;
    const { data } = await ask(nested, { ids }, 'reader');
    expect(
      data.nodes.map((node: { x: { y: { edges: unknown[] } } }) => node.x.y.edges.length),
    ).toEqual([1, 2]);
  });
});
