import { describe, expect, it } from 'vitest';
import { withoutPages } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { PLATFORM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const workspace = await world.scope(a, 'workspace', 'Workspace');
  const project = await world.scope(workspace, 'project');
  const production = await world.scope(project, 'production', 'Environment');
  const development = await world.scope(project, 'development', 'Environment');
  const form = await world.row('form', project, 'form');
  return {
    ...{ a, workspace, project, production, development, form },
    reader: await world.manager(a, ['scope:read', 'organization:read', 'scopeType:read']),
    belowWorkspace: await world.manager(a, ['scope:read'], { at: workspace }),
    nobody: await world.user(a, 'nobody'),
    admin: await world.user(a, 'admin', { isPlatformAdmin: true }),
  };
});
const { ask } = shared;

const SCOPE = /* GraphQL */ `
  query ($id: ID!) {
    scope(id: $id) {
      id
      parent { id }
      ancestors { id }
      children { edges { node { name } } }
      organization { id }
      type { name permissionMode }
    }
  }
`;

describe('D1: one tree', () => {
  it("a root scope has an id of its own, which follows from its organization's", async () => {
    const source = /* GraphQL */ `
      query ($id: ID!) {
        organization(id: $id) { name rootScope { __typename id organization { id } } }
      }
    `;
    const { a, reader, nobody } = shared.w;
    const { data } = await ask(reader.email, source, { id: a.id });
    const rootScope = { __typename: 'Scope', id: a.scopeId, organization: { id: a.id } };
    expect(data.organization).toEqual({ name: 'A', rootScope });
    expect(a.scopeId).toBe(a.id.replace(/^(.{14})7/, '$18'));
    const denied = await ask(nobody.email, source, { id: a.id });
    expect(denied).toMatchObject({ data: { organization: null }, errors: [] });
  });

  it('no two objects share an id: each is of one type, however it is asked for', async () => {
    const { a, reader } = shared.w;
    const source = /* GraphQL */ `
      query ($id: ID!, $of: [_Any!]!) {
        node(id: $id) { __typename id }
        organization(id: $id) { id }
        scope(id: $id) { id }
        scopes(where: { id: { eq: $id } }) { totalCount }
        below: scopes(where: { parent: { is: { id: { eq: $id } } } }) { totalCount }
        _entities(representations: $of) { __typename }
      }
    `;
    const about = async (id: string) => {
      const of = ['Organization', 'Scope'].map((__typename) => ({ __typename, id }));
      return (await ask(reader.email, source, { id, of })).data;
    };
    expect(await about(a.id)).toEqual({
      node: { __typename: 'Organization', id: a.id },
      organization: { id: a.id },
      scope: null,
      scopes: { totalCount: 0 },
      below: { totalCount: 0 },
      _entities: [{ __typename: 'Organization' }, null],
    });
    expect(await about(a.scopeId)).toEqual({
      node: { __typename: 'Scope', id: a.scopeId },
      organization: null,
      scope: { id: a.scopeId },
      scopes: { totalCount: 1 },
      below: { totalCount: 1 },
      _entities: [null, { __typename: 'Scope' }],
    });
  });

  it('a scope has one parent, its ancestors with the nearest first, and children by name', async () => {
    const { a, workspace, project, reader } = shared.w;
    const { data, errors } = await ask(reader.email, SCOPE, { id: project.id });
    expect(errors).toEqual([]);
    expect(withoutPages(data.scope)).toEqual({
      id: project.id,
      parent: { id: workspace.id },
      ancestors: [{ id: workspace.id }, { id: a.scopeId }],
      children: [{ name: 'development' }, { name: 'production' }],
      organization: { id: a.id },
      type: { name: 'Project', permissionMode: 'MERGE' },
    });
  });

  it('the platform root is above all, and for platform admins alone', async () => {
    const { a, reader, admin } = shared.w;
    const seen = await ask(admin.email, SCOPE, { id: a.scopeId });
    expect(seen.data.scope.parent).toEqual({ id: PLATFORM.id });
    expect(seen.data.scope.ancestors).toEqual([{ id: PLATFORM.id }]);
    expect(seen.data.scope.type).toEqual({ name: 'Tenant', permissionMode: 'DEFINE' });
    const hidden = await ask(reader.email, SCOPE, { id: a.scopeId });
    expect(hidden.data.scope).toMatchObject({ parent: null, ancestors: [] });
    const root = await ask(reader.email, SCOPE, { id: PLATFORM.id });
    expect(root.data.scope).toBeNull();
  });

  it('a scope is read by rights at its parent: hidden ones are left out of the tree', async () => {
    const { workspace, project, production, belowWorkspace } = shared.w;
    const { data, errors } = await ask(belowWorkspace.email, SCOPE, { id: production.id });
    expect(errors).toEqual([]);
    expect(data.scope.parent).toEqual({ id: project.id });
    expect(data.scope.ancestors).toEqual([{ id: project.id }]);
    const denied = await ask(belowWorkspace.email, SCOPE, { id: workspace.id });
    expect(denied.data.scope).toBeNull();
  });

  it('every row lives at one scope of its organization', async () => {
    const source = 'query ($id: ID!) { form(id: $id) { scope { id } organization { id } } }';
    const { a, project, form, reader, nobody } = shared.w;
    const { data } = await ask(reader.email, source, { id: form.id });
    expect(data.form).toEqual({ scope: { id: project.id }, organization: { id: a.id } });
    const denied = await ask(nobody.email, source, { id: form.id });
    expect(denied).toMatchObject({ data: { form: { scope: null, organization: null } } });
    expect(denied.errors).toEqual([]);
  });
});
