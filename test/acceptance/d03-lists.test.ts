import { describe, expect, it } from 'vitest';
import { namesOf, nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { NAME_OF, PLATFORM, type RowKind } from '../support/world.js';

const KINDS: readonly RowKind[] = ['form', 'workflow', 'agent', 'app', 'config'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const workspace = await world.scope(a, 'workspace', 'Workspace');
  const project = await world.scope(workspace, 'project');
  const rows = {} as Record<RowKind, Record<string, string>>;
  for (const kind of KINDS) {
    const closed = kind === 'config' ? {} : { access: 'ROLE_BASED' };
    const put = async (...args: [Parameters<typeof world.row>[1], string, object?]) =>
      (await world.row(kind, ...args)).id;
    rows[kind] = {
      far: await put(PLATFORM, 'n'),
      middle: await put(a, 'n'),
      near: await put(project, 'n'),
      global: await put(PLATFORM, 'global only'),
      hiddenFar: await put(PLATFORM, 'h'),
      hiddenNear: await put(a, 'h', closed),
      ofB: await put(b, 'n'),
    };
  }
  const user = await world.user(a);
  await world.hold(user, await world.role(a, ['config:read:n', 'config:read:global only']), a);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  return { a, b, workspace, project, rows, user, admin };
});

interface Row {
  readonly id: string;
  readonly shadowed: boolean;
  readonly shadowedBy: { id: string } | null;
}

async function list(who: 'user' | 'admin', kind: RowKind, args: string) {
  const source = `{ list: ${kind}s(${args}) {
    totalCount edges { node { id shadowed shadowedBy { id } } }
  } }`;
  const { data, errors } = await shared.ask(shared.w[who].email, source);
  expect(errors).toEqual([]);
  const rows: Row[] = nodesOf(data.list);
  expect(data.list.totalCount).toBe(rows.length);
  const keyOf = (id: string) =>
    Object.entries(shared.w.rows[kind]).find(([, one]) => one === id)?.[0] ?? id;
  return Object.fromEntries(
    rows.map(({ id, shadowed, shadowedBy }) => [
      keyOf(id),
      shadowed ? (shadowedBy === null ? 'by nobody to be seen' : keyOf(shadowedBy.id)) : 'meant',
    ]),
  );
}

describe.each(KINDS)('D3: lists of %s', (kind) => {
  // The grant of the user reads global configs too, which has no say in who shadows whom.
  it('leave out what is shadowed in the organization', async () => {
    expect(await list('user', kind, 'first: 50')).toEqual({
      middle: 'meant',
      near: 'meant',
      global: 'meant',
    });
  });

  it('leave out what is shadowed at the scope', async () => {
    const { project, workspace } = shared.w;
    expect(await list('user', kind, `scope: "${project.id}"`)).toEqual({
      near: 'meant',
      global: 'meant',
    });
    expect(await list('user', kind, `scope: "${workspace.id}"`)).toEqual({
      middle: 'meant',
      global: 'meant',
    });
  });

  it('with includeShadowed say by whom, three levels deep', async () => {
    const { project, a } = shared.w;
    const hidden = kind === 'config' ? {} : { hiddenFar: 'by nobody to be seen' };
    expect(await list('user', kind, `scope: "${project.id}", includeShadowed: true`)).toEqual({
      far: 'near',
      middle: 'near',
      near: 'meant',
      global: 'meant',
      ...hidden,
    });
    expect(await list('user', kind, `scope: "${a.id}", includeShadowed: true`)).toEqual({
      far: 'middle',
      middle: 'meant',
      global: 'meant',
      ...hidden,
    });
  });

  it('with includeShadowed show the whole organization as seen from its root', async () => {
    expect(await list('admin', kind, 'includeShadowed: true')).toEqual({
      far: 'middle',
      middle: 'meant',
      near: 'meant',
      global: 'meant',
      hiddenFar: 'hiddenNear',
      hiddenNear: 'meant',
    });
  });

  it('a hidden row shadows: shadowing is decided on existence', async () => {
    const found = await list('user', kind, 'first: 50');
    expect(found).not.toHaveProperty('hiddenFar');
    expect(found).not.toHaveProperty('hiddenNear');
    expect(await list('admin', kind, 'first: 50')).toMatchObject({ hiddenNear: 'meant' });
  });

  it('in the global tier nothing is shadowed', async () => {
    expect(await list('admin', kind, 'scope: null')).toEqual({
      far: 'meant',
      global: 'meant',
      hiddenFar: 'meant',
    });
  });

  it('across organizations hold shadowed rows too', async () => {
    const found = await list('admin', kind, 'acrossOrganizations: true');
    expect(Object.keys(found).sort()).toEqual(Object.keys(shared.w.rows[kind]).sort());
  });

  it('a page is cut after the shadowed rows are gone', async () => {
    const source = `query ($after: String) { list: ${kind}s(first: 1, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { ${NAME_OF[kind]} id } }
    } }`;
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page += 1) {
      const { data } = await shared.ask(shared.w.user.email, source, { after });
      expect(data.list.totalCount).toBe(3);
      expect(data.list.edges).toHaveLength(1);
      seen.push(nodesOf<Row>(data.list)[0]?.id ?? '');
      after = data.list.pageInfo.endCursor;
      if (!data.list.pageInfo.hasNextPage) break;
    }
    const { middle, near, global } = shared.w.rows[kind];
    expect(seen.sort()).toEqual([middle, near, global].sort());
  });
});

describe('D3: a row by id', () => {
  it('says whether it is meant where the request acts', async () => {
    const { rows, project, user } = shared.w;
    const source = 'query ($id: ID!) { form(id: $id) { shadowed shadowedBy { id } } }';
    const variables = { id: rows.form.middle };
    const atRoot = await shared.ask(user.email, source, variables);
    expect(atRoot.data.form).toEqual({ shadowed: false, shadowedBy: null });
    const header = { 'x-heimdall-scope': project.id };
    const atProject = await shared.ask(user.email, source, variables, header);
    expect(atProject.data.form).toEqual({ shadowed: true, shadowedBy: { id: rows.form.near } });
  });

  it('and lists show names in byte order', async () => {
    const { data } = await shared.ask(shared.w.user.email, '{ forms { edges { node { name } } } }');
    expect(namesOf(data.forms)).toEqual(['global only', 'n', 'n']);
  });
});
