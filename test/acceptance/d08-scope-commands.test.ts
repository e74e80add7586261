import { describe, expect, it } from 'vitest';
import { BUILT_IN_SCOPE_TYPES as BUILT_IN, SYSTEM_ROLES } from '../../src/policy/vocabulary.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import type { Spot } from '../support/world.js';

const SCOPES = ['read', 'create', 'update', 'delete', 'move'].map((action) => `scope:${action}`);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const wall = await world.scopeType(a, 'DEFINE');
  const foreign = await world.scopeType(b, 'MERGE');
  const keeper = await world.manager(a, [...SCOPES, 'scopeType:read']);
  const blind = await world.manager(a, SCOPES);
  const reader = await world.manager(a, ['scope:read', 'scopeType:read']);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const outsider = await world.user(b, 'outsider', { isPlatformAdmin: true });
  const workspace = await world.scope(a, 'workspace', 'Workspace');
  return { a, b, wall, foreign, keeper, blind, reader, admin, outsider, workspace };
});

type Who = 'keeper' | 'blind' | 'reader' | 'admin' | 'outsider';

const write = (
  who: Who | { email: string },
  name: string,
  input: object,
  selection = 'scope { id }',
  headers: Readonly<Record<string, string>> = {},
) => {
  const { email } = typeof who === 'string' ? shared.w[who] : who;
  return mutate(shared, email, name, input, selection, headers);
};

const ABSENT = '00000000-0000-7000-8000-00000000dead';

const ownersOf = (scopeId: string) =>
  shared.world.client.membership.findMany({
    where: { scopeId, roles: { some: { roleId: SYSTEM_ROLES.Owner } } },
    select: { userId: true },
  });

describe('a scope is made', () => {
  it('where the request acts, or in a parent that is named', async () => {
    const { a, workspace } = shared.w;
    const project = { type: BUILT_IN.Project, name: 'P', externalId: 'p', meta: { region: 'us' } };
    const selection = 'scope { name externalId meta parent { id } type { name } version }';
    const here = await write('keeper', 'createScope', project, selection);
    expect(here.answer.scope).toEqual({
      name: 'P',
      externalId: 'p',
      meta: { region: 'us' },
      parent: { id: a.scopeId },
      type: { name: 'Project' },
      version: 1,
    });
    const header = { 'x-heimdall-scope': workspace.id };
    const below = await write(
      'keeper',
      'createScope',
      { type: BUILT_IN.Project },
      'scope { parent { id } }',
      header,
    );
    expect(below.answer.scope).toEqual({ parent: { id: workspace.id } });
    for (const [parent, id] of [
      [a.id, a.scopeId],
      [workspace.id, workspace.id],
    ]) {
      const named = { type: BUILT_IN.Project, parent };
      const { answer } = await write('keeper', 'createScope', named, 'scope { parent { id } }');
      expect(answer.scope).toEqual({ parent: { id } });
    }
  });

  it('by the right to create scopes there, and nowhere else', async () => {
    const { workspace, b } = shared.w;
    const input = { type: BUILT_IN.Project, parent: workspace.id };
    expect(await write('reader', 'createScope', input)).toMatchObject({ code: 'FORBIDDEN' });
    const local = await shared.world.manager(shared.w.a, SCOPES, { at: workspace });
    expect((await write(local, 'createScope', input)).code).toBe('BAD_USER_INPUT');
    const { workspace: at } = shared.w;
    const typed = await shared.world.manager(shared.w.a, ['scopeType:read']);
    await shared.world.hold(typed, await shared.world.role(at, SCOPES), at);
    expect((await write(typed, 'createScope', input)).code).toBeUndefined();
    expect(await write(typed, 'createScope', { ...input, parent: shared.w.a.id })).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await write('keeper', 'createScope', { ...input, parent: b.id })).toMatchObject({
      code: 'SCOPE_FORBIDDEN',
    });
    expect(await write('admin', 'createScope', { ...input, parent: null })).toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it('of a type that its parent may contain; the error names both, if both are seen', async () => {
    const { workspace, foreign } = shared.w;
    const input = { type: BUILT_IN.Environment, parent: workspace.id };
    expect(await write('keeper', 'createScope', input)).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'a scope of the type Environment cannot be in one of the type Workspace',
    });
    const hidden = await write('keeper', 'createScope', { ...input, type: foreign.id });
    expect(hidden).toEqual(await write('keeper', 'createScope', { ...input, type: ABSENT }));
    expect(hidden).toMatchObject({
      issues: [{ path: ['type'], message: 'there is no such resource' }],
    });
    // Who sees no types names none.
    expect(await write('blind', 'createScope', input)).toMatchObject({
      issues: [{ path: ['type'], message: 'there is no such resource' }],
    });
  });

  it('with an external id of its own, and meta of a bounded size', async () => {
    const project = { type: BUILT_IN.Project, externalId: 'taken' };
    await write('keeper', 'createScope', project);
    expect(await write('keeper', 'createScope', project)).toMatchObject({
      code: 'CONFLICT',
      message: 'the external id is taken in its organization',
    });
    const long = { type: BUILT_IN.Project, meta: { text: 'x'.repeat(70_000) } };
    expect(await write('keeper', 'createScope', long)).toMatchObject({ code: 'BAD_USER_INPUT' });
    const list = { type: BUILT_IN.Project, meta: [1] };
    expect(await write('keeper', 'createScope', list)).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('at most 32 deep', async () => {
    const { world, w } = shared;
    const nested = await world.scopeType(w.a, 'MERGE');
    let at: Spot = w.a;
    for (let depth = 2; depth <= 32; depth++) at = await world.scope(at, `${depth}`, nested);
    const deeper = { type: nested.id, parent: at.id };
    const message = 'scopes are at most 32 deep, the root counted';
    expect(await write('keeper', 'createScope', deeper)).toMatchObject({
      code: 'BAD_USER_INPUT',
      message,
    });
    await expect(world.scope(at, '33', nested)).rejects.toThrow(/D1: scopes are at most 32 deep/);
    const two = await world.scope(w.a, 'two', nested);
    await world.scope(two, 'levels', nested);
    const above = await world.client.scope.findUniqueOrThrow({ where: { id: at.id } });
    const moved = { id: two.id, parent: above.parentId };
    expect(await write('keeper', 'moveScope', moved)).toMatchObject({ message });
  });
});

describe('D8: who makes a DEFINE scope owns it', () => {
  it('and does in it what nobody above could', async () => {
    const { wall, keeper } = shared.w;
    const { answer } = await write('keeper', 'createScope', { type: wall.id, name: 'vault' });
    const vault = answer.scope.id;
    expect(await ownersOf(vault)).toEqual([{ userId: keeper.id }]);
    const config = { key: 'inside', type: 'STRING', value: 'x', scope: vault };
    const made = await write('keeper', 'createConfig', config, 'config { key }');
    expect(made.answer).toEqual({ config: { key: 'inside' } });
    const boss = await shared.world.manager(shared.w.a, [
      'config:read',
      'config:create',
      'scope:read',
    ]);
    expect(
      await write(boss, 'createConfig', { ...config, key: 'other' }, 'config { id }'),
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
    const entries = await shared.world.client.auditEntry.findMany({
      where: { action: 'membership:create', scopeId: vault },
    });
    expect(entries.map(({ after }) => after)).toMatchObject([
      { userId: keeper.id, roles: [SYSTEM_ROLES.Owner] },
    ]);
  });

  it('while one that merges has no members of its own', async () => {
    const { answer } = await write('keeper', 'createScope', { type: BUILT_IN.Project });
    expect(await ownersOf(answer.scope.id)).toEqual([]);
  });

  it('a platform admin at home alone, because elsewhere a membership would outlive the flag', async () => {
    const { wall, admin, a } = shared.w;
    const home = await write('admin', 'createScope', { type: wall.id });
    expect(await ownersOf(home.answer.scope.id)).toEqual([{ userId: admin.id }]);
    const elsewhere = await write('outsider', 'createScope', { type: wall.id, parent: a.id });
    expect(await ownersOf(elsewhere.answer.scope.id)).toEqual([]);
  });
});

describe('many scopes are made at once', () => {
  const SELECTION = 'scopes { externalId parent { externalId } }';

  it('each in another of them by external id, in whatever order', async () => {
    const { wall } = shared.w;
    const merging = await shared.world.scopeType(shared.w.a, 'MERGE');
    const scopes = [
      { type: merging.id, externalId: 'crew', parentExternalId: 'site' },
      { type: merging.id, externalId: 'site', parentExternalId: 'division' },
      { type: BUILT_IN.Project, externalId: 'beside' },
      // What is in it is its maker's, who owns it by then (D8).
      { type: merging.id, externalId: 'division', parentExternalId: 'company' },
      { type: wall.id, externalId: 'company' },
    ];
    await shared.world.client.scopeTypeEdge.create({
      data: { parentTypeId: wall.id, childTypeId: merging.id },
    });
    const { answer } = await write('keeper', 'createScopes', { scopes }, SELECTION);
    expect(answer.scopes.slice(0, 2)).toEqual([
      { externalId: 'crew', parent: { externalId: 'site' } },
      { externalId: 'site', parent: { externalId: 'division' } },
    ]);
    const rest = await shared.world.client.scope.findMany({
      where: { externalId: { in: ['division', 'company', 'beside'] } },
      select: { externalId: true, parent: { select: { externalId: true } } },
      orderBy: { externalId: 'asc' },
    });
    expect(rest).toEqual([
      { externalId: 'beside', parent: { externalId: null } },
      { externalId: 'company', parent: { externalId: null } },
      { externalId: 'division', parent: { externalId: 'company' } },
    ]);
    // And in one that was there already.
    const more = [{ type: merging.id, externalId: 'crew 2', parentExternalId: 'site' }];
    expect(
      (await write('keeper', 'createScopes', { scopes: more }, SELECTION)).answer.scopes,
    ).toEqual([{ externalId: 'crew 2', parent: { externalId: 'site' } }]);
  });

  it('all or none, and the error names the item', async () => {
    const type = BUILT_IN.Project;
    const { client } = shared.world;
    const before = await client.scope.count();
    const refused = async (scopes: readonly object[]) => {
      const { code, issues } = await write('keeper', 'createScopes', { scopes }, SELECTION);
      return { code, path: (issues as { path: unknown }[] | undefined)?.[0]?.path };
    };
    expect(
      await refused([
        { type, externalId: 'x', parentExternalId: 'y' },
        { type, externalId: 'y', parentExternalId: 'x' },
      ]),
    ).toEqual({ code: 'BAD_USER_INPUT', path: ['scopes', 0, 'parentExternalId'] });
    expect(
      await refused([
        { type, externalId: 'z' },
        { type, externalId: 'z' },
      ]),
    ).toEqual({
      code: 'BAD_USER_INPUT',
      path: ['scopes', 1, 'externalId'],
    });
    expect(await refused([{ type }, { type, parentExternalId: 'none' }])).toEqual({
      code: 'BAD_USER_INPUT',
      path: ['scopes', 1, 'parentExternalId'],
    });
    expect(await refused([{ type }, { type: ABSENT }])).toEqual({
      code: 'BAD_USER_INPUT',
      path: ['scopes', 1, 'type'],
    });
    expect(await refused([{ type }, { type, name: '*' }])).toEqual({
      code: 'BAD_USER_INPUT',
      path: ['scopes', 1, 'name'],
    });
    expect(await client.scope.count()).toBe(before);
  });

  it('D14: a parent by external id that may not be read is none', async () => {
    const { w, world } = shared;
    const { scopeId } = await world.scope(w.a, 'hidden', w.wall, { externalId: 'walled' });
    await world.client.scope.create({
      data: { typeId: w.wall.id, parentId: scopeId, organizationId: w.a.id, externalId: 'deep' },
    });
    const inside = (parentExternalId: string) =>
      write('keeper', 'createScope', { type: BUILT_IN.Project, parentExternalId });
    expect(await inside('deep')).toEqual(await inside('nothing of that name'));
  });
});

describe('model §2: name and meta are changed by rights at the scope itself', () => {
  it('and not by those at its parent', async () => {
    const { w, world } = shared;
    const open = await world.scope(w.a, 'open', 'Project');
    const walled = await world.scope(w.a, 'walled', w.wall);
    const rename = (who: Who | { email: string }, { id }: Spot) =>
      write(who, 'updateScope', { id, name: 'renamed', meta: { a: 1 } }, 'scope { name meta }');
    expect((await rename('keeper', open)).answer.scope).toEqual({
      name: 'renamed',
      meta: { a: 1 },
    });
    expect(await rename('keeper', walled)).toMatchObject({ code: 'FORBIDDEN' });
    // Reads it from above, and is somebody within.
    const insider = await world.manager(w.a, ['scope:read']);
    expect(await rename(insider, walled)).toMatchObject({ code: 'FORBIDDEN' });
    await world.hold(insider, await world.role(walled, ['scope:update']), walled);
    expect((await rename(insider, walled)).answer.scope).toMatchObject({ name: 'renamed' });
    expect(await rename(insider, open)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await rename('reader', open)).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('the version that was seen, and an external id that is free', async () => {
    const { a } = shared.w;
    const { id } = await shared.world.scope(a, 'edited', 'Project', { externalId: 'edited' });
    await shared.world.scope(a, 'other', 'Project', { externalId: 'other' });
    const stale = { id, version: 7, name: 'x' };
    expect(await write('keeper', 'updateScope', stale)).toMatchObject({ code: 'CONFLICT' });
    const taken = { id, externalId: 'other' };
    expect(await write('keeper', 'updateScope', taken)).toMatchObject({
      code: 'CONFLICT',
      message: 'the external id is taken in its organization',
    });
    const same = await write(
      'keeper',
      'updateScopes',
      { scopes: [{ id, externalId: 'edited' }] },
      'scopes { externalId }',
    );
    expect(same.answer.scopes).toEqual([{ externalId: 'edited' }]);
    const none = await write(
      'keeper',
      'updateScope',
      { id, externalId: null, name: null },
      'scope { externalId name }',
    );
    expect(none.answer.scope).toEqual({ externalId: null, name: null });
  });
});
