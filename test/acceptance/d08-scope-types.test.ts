import { describe, expect, it } from 'vitest';
import { BUILT_IN_SCOPE_TYPES as BUILT_IN } from '../../src/policy/vocabulary.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { type Identified, PLATFORM } from '../support/world.js';

const TYPES = ['read', 'create', 'update', 'delete'].map((action) => `scopeType:${action}`);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const keeper = await world.manager(a, TYPES);
  const reader = await world.manager(a, ['scopeType:read']);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const foreign = await world.scopeType(b, 'MERGE');
  return { a, b, keeper, reader, admin, foreign };
});

type Who = 'keeper' | 'reader' | 'admin';

const write = (who: Who, name: string, input: object, selection: string) =>
  mutate(shared, shared.w[who].email, name, input, selection);

let counter = 0;

/** A new type of A, made through the gateway. */
async function made(permissionMode = 'MERGE'): Promise<Identified> {
  const input = { name: `made ${++counter}`, permissionMode };
  const { answer } = await write('keeper', 'createScopeType', input, 'scopeType { id }');
  return answer.scopeType;
}

const link = (who: Who, links: readonly (readonly [string, string])[], name = 'linkScopeTypes') =>
  write(
    who,
    name,
    { links: links.map(([parent, child]) => ({ parent, child })) },
    'scopeTypes { id mayBeIn { edges { node { id } } } }',
  );
const unlink = (who: Who, links: readonly (readonly [string, string])[]) =>
  link(who, links, 'unlinkScopeTypes');

describe('scope types', () => {
  it('are made in an organization, one or many, by who may', async () => {
    const types = [
      { name: 'Division', permissionMode: 'MERGE' },
      { name: 'Vault', permissionMode: 'DEFINE' },
    ];
    const { answer } = await write(
      'keeper',
      'createScopeTypes',
      { scopeTypes: types },
      'scopeTypes { name permissionMode }',
    );
    expect(answer.scopeTypes).toEqual(types);
    const one = { name: 'X', permissionMode: 'MERGE' };
    expect(await write('reader', 'createScopeType', one, 'scopeType { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    const again = { name: 'Vault', permissionMode: 'MERGE' };
    expect(await write('keeper', 'createScopeType', again, 'scopeType { id }')).toMatchObject({
      code: 'CONFLICT',
    });
  });

  it('are renamed, and deleted while no scope is of them', async () => {
    const type = await made();
    const renamed = { id: type.id, name: 'Renamed' };
    const { answer } = await write('keeper', 'updateScopeType', renamed, 'scopeType { name }');
    expect(answer.scopeType).toEqual({ name: 'Renamed' });
    await link('keeper', [[BUILT_IN.Tenant, type.id]]);
    const scope = await shared.world.scope(shared.w.a, 'of it', type);
    const remove = () => write('keeper', 'deleteScopeType', { id: type.id }, 'deletedId');
    expect(await remove()).toMatchObject({ code: 'CONFLICT' });
    await shared.world.client.scope.delete({ where: { id: scope.id } });
    expect((await remove()).answer).toEqual({ deletedId: type.id });
  });

  it('that are built in are changed by platform admins alone, and stay', async () => {
    const { world, w } = shared;
    // Even by who holds everything about types at the platform root.
    await world.hold(w.keeper, await world.role(PLATFORM, TYPES), PLATFORM);
    const rename = { id: BUILT_IN.Environment, name: 'Stage' };
    expect(await write('keeper', 'updateScopeType', rename, 'scopeType { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    const global = { name: 'Everywhere', permissionMode: 'MERGE', scope: null };
    expect(await write('keeper', 'createScopeType', global, 'scopeType { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    const done = await write(
      'admin',
      'createScopeType',
      global,
      'scopeType { organization { id } }',
    );
    expect(done.answer.scopeType).toEqual({ organization: null });
    expect((await write('admin', 'updateScopeType', rename, 'scopeType { name }')).answer).toEqual({
      scopeType: { name: 'Stage' },
    });
    const gone = await write('admin', 'deleteScopeType', { id: BUILT_IN.Environment }, 'deletedId');
    expect(gone.code).toBe('BAD_USER_INPUT');
  });
});

describe('containment', () => {
  it('is said of types of one organization, below the built-in ones', async () => {
    const [outer, inner] = [await made(), await made()];
    const done = await link('keeper', [
      [BUILT_IN.Environment, outer.id],
      [outer.id, inner.id],
    ]);
    expect(done.answer.scopeTypes).toEqual([
      { id: outer.id, mayBeIn: { edges: [{ node: { id: BUILT_IN.Environment } }] } },
      { id: inner.id, mayBeIn: { edges: [{ node: { id: outer.id } }] } },
    ]);
    expect(await link('keeper', [[outer.id, BUILT_IN.Environment]])).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await link('admin', [[outer.id, BUILT_IN.Environment]])).toMatchObject({
      code: 'BAD_USER_INPUT',
      message: 'a type of an organization contains no built-in one',
    });
  });

  it('takes the right to update both, and both to be seen', async () => {
    const [outer, inner] = [await made(), await made()];
    expect(await link('reader', [[outer.id, inner.id]])).toMatchObject({ code: 'FORBIDDEN' });
    const { foreign } = shared.w;
    const hidden = await link('keeper', [[foreign.id, inner.id]]);
    expect(hidden).toEqual(await link('keeper', [[ABSENT, inner.id]]));
    expect(hidden).toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['links', 0, 'parent'], message: 'there is no such resource' }],
    });
    expect(await link('admin', [[foreign.id, inner.id]])).toMatchObject({
      message: 'a type contains types of its own organization',
    });
    // Who may change the one and not the other.
    const half = await shared.world.manager(shared.w.a, [
      'scopeType:read',
      `scopeType:update:${inner.id}`,
    ]);
    const input = { links: [{ parent: outer.id, child: inner.id }] };
    expect(
      await mutate(shared, half.email, 'linkScopeTypes', input, 'scopeTypes { id }'),
    ).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('leads nowhere back to its beginning, by no path and in no batch', async () => {
    const [one, two, three] = [await made(), await made(), await made()];
    const within = (index: number) => ({
      code: 'BAD_USER_INPUT',
      issues: [{ path: ['links', index], message: 'the type would be within itself' }],
    });
    expect(await link('keeper', [[one.id, one.id]])).toMatchObject(within(0));
    await link('keeper', [
      [one.id, two.id],
      [two.id, three.id],
    ]);
    expect(await link('keeper', [[three.id, one.id]])).toMatchObject(within(0));
    const [four, five] = [await made(), await made()];
    expect(
      await link('keeper', [
        [four.id, five.id],
        [five.id, four.id],
      ]),
    ).toMatchObject(within(1));
    expect(await shared.world.client.scopeTypeEdge.count({ where: { childTypeId: five.id } })).toBe(
      0,
    );
  });

  it('is not made a cycle by two at once either', async () => {
    const [one, two] = [await made(), await made()];
    const both = await Promise.all([
      link('keeper', [[one.id, two.id]]),
      link('keeper', [[two.id, one.id]]),
    ]);
    expect(both.map(({ code }) => code).sort()).toEqual(['BAD_USER_INPUT', undefined]);
  });

  it('is kept by the database as well where a command adds it', async () => {
    const [one, two] = [await made(), await made()];
    const { client } = shared.world;
    const add = (parentTypeId: string, childTypeId: string) =>
      client.$transaction(async (tx) => {
        await tx.$executeRaw`SELECT set_config('heimdall.command', 'test', true)`;
        await tx.scopeTypeEdge.create({ data: { parentTypeId, childTypeId } });
      });
    await add(one.id, two.id);
    await expect(add(two.id, one.id)).rejects.toThrow(/D1: no type is within itself/);
    await expect(add(one.id, BUILT_IN.Project)).rejects.toThrow(/D1: a type of an organization/);
  });

  it('stays while scopes rely on it', async () => {
    const type = await made();
    await link('keeper', [[BUILT_IN.Tenant, type.id]]);
    const scope = await shared.world.scope(shared.w.a, 'relies', type);
    expect(await unlink('keeper', [[BUILT_IN.Tenant, type.id]])).toMatchObject({
      code: 'CONFLICT',
    });
    await shared.world.client.scope.delete({ where: { id: scope.id } });
    expect((await unlink('keeper', [[BUILT_IN.Tenant, type.id]])).answer.scopeTypes).toEqual([
      { id: type.id, mayBeIn: { edges: [] } },
    ]);
  });

  it('is in the record (D19)', async () => {
    const type = await made();
    await link('keeper', [[BUILT_IN.Tenant, type.id]]);
    const entries = await shared.world.client.auditEntry.findMany({
      where: { resourceId: type.id, action: 'scopeType:link' },
    });
    expect(entries.map(({ after }) => after)).toMatchObject([{ parents: [BUILT_IN.Tenant] }]);
  });
});

const ABSENT = '00000000-0000-7000-8000-00000000dead';
