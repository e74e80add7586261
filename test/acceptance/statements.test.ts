import { describe, expect, it } from 'vitest';
import { nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, PLATFORM, type Spot, SYSTEM, type World } from '../support/world.js';

const SIZES = [5, 50] as const;

/** A tenant with so many rows of each kind, and children at three levels. */
async function plant(world: World, size: number) {
  const a = await world.organization(`${size} rows`);
  const role = await world.role(a);
  const mate = await world.user(a, 'mate');
  const workflows: Identified[] = [];
  const forms: Identified[] = [];
  const configs: Identified[] = [];
  for (let n = 0; n < size; n += 1) {
    const workflow = await world.row('workflow', a, `workflow ${n}`);
    workflows.push(workflow);
    const options = {
      roles: [role],
      more: { workflowId: workflow.id },
      ...(n % 2 ? { by: mate } : {}),
    };
    forms.push(await world.row('form', a, `form ${n}`, options));
    configs.push(await world.row('config', a, `config ${n}`));
  }
  const type = await world.scopeType(a, 'MERGE');
  const top = await world.scope(a, 'top', type);
  for (let n = 0; n < size / 5; n += 1) {
    const first: Spot = await world.scope(top, `first ${n}`, type);
    const second = await world.scope(first, `second ${n}`, type);
    for (let m = 0; m < 3; m += 1) await world.scope(second, `third ${n} ${m}`, type);
  }
  const viewer = await world.user(a, 'viewer');
  await world.hold(viewer, SYSTEM.Viewer, a);
  const permits = ['form:read', 'role:read'];
  const own = await world.manager(a, permits, { dataAccess: 'OWN_DATA' });
  const team = await world.manager(a, permits, { dataAccess: 'TEAM_DATA' });
  await world.team(a, viewer, [team, mate]);
  return { a, forms, workflows, configs, top, viewer, own, team };
}

const shared = gatewayWith(async (world) => {
  await world.row('form', PLATFORM, 'global form');
  await world.row('config', PLATFORM, 'global config');
  return { 5: await plant(world, 5), 50: await plant(world, 50) };
});

type Tenant = Awaited<ReturnType<typeof plant>>;

/** The statements that a question takes, the one that loads the principal included. */
async function count(
  who: (tenant: Tenant) => { email: string },
  question: (tenant: Tenant) => [source: string, variables?: object],
  check: (data: never, size: number) => void,
  refused: readonly string[] = [],
): Promise<number[]> {
  const counts = [];
  for (const size of SIZES) {
    const tenant = shared.w[size];
    const [source, variables = {}] = question(tenant);
    let answer: Awaited<ReturnType<typeof shared.ask>> | undefined;
    const sent = await shared.statements(async () => {
      answer = await shared.ask(who(tenant).email, source, { ...variables });
    });
    const codes = (answer?.errors ?? []).map(({ extensions }) => extensions.code);
    expect(new Set(codes)).toEqual(new Set(refused));
    check(answer?.data as never, size);
    counts.push(sent.length);
  }
  return counts;
}

const viewer = (tenant: Tenant) => tenant.viewer;

describe('the number of statements does not depend on the number of rows:', () => {
  it('forms with workflow, roles and organization', async () => {
    const source = /* GraphQL */ `
      {
        forms(first: 50, where: { name: { contains: "form " } }) {
          edges { node { name workflow { name } roles { id } organization { name } } }
        }
      }
    `;
    type Data = { forms: { edges: { node: { workflow: object; roles: object[] } }[] } };
    const counts = await count(
      viewer,
      () => [source],
      ({ forms }: Data, size) => {
        expect(nodesOf(forms)).toHaveLength(size);
        for (const { workflow, roles } of nodesOf(forms)) {
          expect(workflow).not.toBeNull();
          expect(roles).toHaveLength(1);
        }
      },
    );
    expect(counts).toEqual([6, 6]);
  });

  it('a scope with three levels of children', async () => {
    const source = /* GraphQL */ `
      query ($id: ID!) {
        scope(id: $id) { children(first: 20) { edges { node { name ...Second } } } }
      }
      fragment Second on Scope {
        children(first: 20) { totalCount edges { node { name children { edges { node { name } } } } } }
      }
    `;
    interface Node {
      readonly children?: { readonly edges: readonly { readonly node: Node }[] };
    }
    const below = ({ children = { edges: [] } }: Node): number =>
      nodesOf<Node>(children).reduce((sum, child) => sum + 1 + below(child), 0);
    const counts = await count(
      viewer,
      ({ top }) => [source, { id: top.id }],
      ({ scope }: { scope: Node }, size) => expect(below(scope)).toBe(size),
    );
    // One of them for the number of children at the second level.
    expect(counts).toEqual([9, 9]);
  });

  it('entities of three types', async () => {
    const source = /* GraphQL */ `
      query ($of: [_Any!]!) {
        _entities(representations: $of) {
          ... on Form { name }
          ... on Workflow { name }
          ... on Config { key value }
        }
      }
    `;
    const counts = await count(
      viewer,
      ({ forms, workflows, configs }) => {
        const all = forms.flatMap((form, n) => [
          { __typename: 'Form', id: form.id },
          { __typename: 'Workflow', id: workflows[n]?.id },
          { __typename: 'Config', id: configs[n]?.id },
        ]);
        return [source, { of: all.slice(0, forms.length) }];
      },
      ({ _entities }: { _entities: object[] }, size) => {
        expect(_entities.filter((one) => one !== null)).toHaveLength(size);
      },
    );
    // One of them weighs the values of configs, one reads them.
    expect(counts).toEqual([5, 5]);
  });

  it('a config by its key', async () => {
    const source = '{ configByKey(key: "config 3") { key value isFinal } }';
    const counts = await count(
      viewer,
      () => [source],
      (data: object) => expect(data).toMatchObject({ configByKey: { key: 'config 3' } }),
    );
    expect(counts).toEqual([2, 2]);
  });

  it.each(['own', 'team'] as const)(
    'everything that a form can be asked, by who manages those of their %s',
    async (who) => {
      const source = /* GraphQL */ `
      {
        forms(first: 60) {
          totalCount
          edges {
            node {
              name canUse shadowed shadowedBy { id } accessLevel
              workflow { name canUse } roles { name } organization { name } scope { name }
              createdBy { name } owner { name } team { name }
            }
          }
        }
      }
    `;
      type Data = { forms: { totalCount: number } };
      const counts = await count(
        (tenant) => tenant[who],
        () => [source],
        ({ forms }: Data, size) => expect(forms.totalCount).toBe(size + 1),
      );
      expect(counts).toEqual([8, 8]);
    },
  );
});

it('the statements of a page are the same ones for many numbers of rows', async () => {
  const tenant = shared.w[50];
  const source = /* GraphQL */ `
    query ($first: Int!) {
      forms(first: $first, where: { name: { contains: "form " } }) {
        edges { node { workflow { name } } }
      }
    }
  `;
  const texts = new Set<string>();
  for (let first = 1; first <= 32; first += 1) {
    const sent = await shared.statements(() => shared.ask(tenant.viewer.email, source, { first }));
    for (const text of sent) if (text.includes('"workflow"')) texts.add(text);
  }
  // A list of 1, 2, 4, 8, 16 and 32 ids.
  expect(texts.size).toBe(6);
});
