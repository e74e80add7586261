import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import { PLATFORM_ROOT_ID } from '../../src/policy/vocabulary.js';
import { freshDatabase } from '../support/database.js';
import { ENVIRONMENT, PROJECT, TENANT, WORKSPACE, World } from './world.js';

let db: Database;
let world: World;
let a: string;
/** The root of A. */
let root: string;
let b: string;
let folder: string;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db);
  a = await world.organization('A');
  root = rootScopeId(a);
  b = await world.organization('B');
  folder = await world.type(a);
  await world.edge(folder, folder);
});
afterAll(() => db.close());

interface Kept {
  path: string[];
  inherits_from: string[];
  home_id: string;
  governed_by: string[];
}
const kept = (id: string) =>
  world.row<Kept>('SELECT path, inherits_from, home_id, governed_by FROM scope WHERE id = $1', id);
const move = (id: string, parent: string) =>
  world.rows('UPDATE scope SET parent_id = $2 WHERE id = $1', id, parent);
const flip = (type: string, mode: string) =>
  world.rows('UPDATE scope_type SET permission_mode = $2 WHERE id = $1', type, mode);

describe('D8: the kept columns of a scope', () => {
  it('follow from the tree when it is made', async () => {
    const workspace = await world.scope(a);
    const project = await world.scope(a, workspace, PROJECT);
    expect(await kept(project)).toEqual({
      path: [project, workspace, root, PLATFORM_ROOT_ID],
      inherits_from: [project, workspace, root],
      home_id: workspace,
      governed_by: [workspace, root],
    });
  });

  it('stop at a type that defines, and at a mode that is not exactly MERGE', async () => {
    for (const mode of ['DEFINE', 'merge', 'FUTURE']) {
      const type = await world.type(a, mode);
      const top = await world.scope(a, a, type);
      await world.edge(type, folder);
      const below = await world.scope(a, top, folder);
      expect(await kept(top)).toMatchObject({ inherits_from: [top], governed_by: [root] });
      expect(await kept(below)).toMatchObject({ inherits_from: [below, top], governed_by: [top] });
    }
  });

  it('take no value from a client', async () => {
    const forged = [root, rootScopeId(b), PLATFORM_ROOT_ID];
    const id = await world.insert('scope', {
      id: randomUUID(),
      type_id: WORKSPACE,
      parent_id: a,
      organization_id: a,
      path: forged,
      inherits_from: forged,
      home_id: rootScopeId(b),
      governed_by: forged,
    });
    const right = await kept(id);
    expect(right).toMatchObject({ path: [id, root, PLATFORM_ROOT_ID], inherits_from: [id, root] });
    await world.rows(
      `UPDATE scope SET path = $2, inherits_from = $2, home_id = $3, governed_by = $2, name = 'n'
       WHERE id = $1`,
      id,
      forged,
      rootScopeId(b),
    );
    expect(await kept(id)).toEqual(right);
  });

  it('need no value from the Prisma client', async () => {
    const scope = await db.client.scope.create({
      data: { typeId: WORKSPACE, parentId: root, organizationId: a, path: [b] },
    });
    expect(scope).toMatchObject({ homeId: root, path: [scope.id, root, PLATFORM_ROOT_ID] });
  });

  it('move along with a scope, for everything below it', async () => {
    const [left, right] = [await world.scope(a, a, folder), await world.scope(a, a, folder)];
    const middle = await world.scope(a, left, folder);
    const leaf = await world.scope(a, middle, folder);
    await move(middle, right);
    expect(await kept(leaf)).toEqual({
      path: [leaf, middle, right, root, PLATFORM_ROOT_ID],
      inherits_from: [leaf, middle, right, root],
      home_id: middle,
      governed_by: [middle, right, root],
    });
    expect(await kept(middle)).toMatchObject({ home_id: right, governed_by: [right, root] });
  });

  it('move along when one statement moves several scopes, one below the other', async () => {
    const [top, inner, target] = [
      await world.scope(a, a, folder),
      await world.scope(a, a, folder),
      await world.scope(a, a, folder),
    ];
    const leaf = await world.scope(a, inner, folder);
    for (const [x, y] of [
      [inner, top],
      [top, inner],
    ] as const) {
      await world.rows('UPDATE scope SET parent_id = $2 WHERE id = ANY ($1)', [top, inner], root);
      await world.rows(
        'UPDATE scope SET parent_id = CASE id WHEN $1 THEN $2::uuid ELSE $3::uuid END WHERE id IN ($1, $2)',
        x,
        y,
        target,
      );
      const above = [x, y, target, root, PLATFORM_ROOT_ID];
      expect((await kept(x)).path).toEqual(above);
      if (x === inner) expect((await kept(leaf)).path).toEqual([leaf, ...above]);
    }
  });

  it('follow a type that is exchanged, and a mode that is flipped', async () => {
    const defining = await world.type(a, 'DEFINE');
    await world.edge(defining, folder);
    const top = await world.scope(a, a, folder);
    const below = await world.scope(a, top, folder);
    await world.rows('UPDATE scope SET type_id = $2 WHERE id = $1', top, defining);
    expect(await kept(below)).toMatchObject({ inherits_from: [below, top], governed_by: [top] });
    await flip(defining, 'MERGE');
    expect(await kept(below)).toMatchObject({
      inherits_from: [below, top, root],
      governed_by: [top, root],
    });
    await flip(defining, 'FUTURE');
    expect(await kept(below)).toMatchObject({ inherits_from: [below, top], governed_by: [top] });
  });

  it('follow a flipped built-in type in every organization', async () => {
    const scopes = [await world.scope(a), await world.scope(b)];
    await flip(WORKSPACE, 'DEFINE');
    for (const id of scopes) expect(await kept(id)).toMatchObject({ inherits_from: [id] });
    await flip(WORKSPACE, 'MERGE');
    for (const id of scopes) expect((await kept(id)).inherits_from).toHaveLength(2);
  });
});

describe('D1: one tree', () => {
  it('has no cycle', async () => {
    const top = await world.scope(a, a, folder);
    const below = await world.scope(a, top, folder);
    await expect(move(top, below)).rejects.toThrow(/^D1: a scope cannot be moved into itself/);
    await expect(move(top, top)).rejects.toThrow(/^D1/);
    const swap = world.rows(
      'UPDATE scope SET parent_id = CASE id WHEN $1 THEN $2::uuid ELSE $1 END WHERE id IN ($1, $2)',
      top,
      await world.scope(a, a, folder),
    );
    await expect(swap).rejects.toThrow(/^D1/);
  });

  it('stays inside of one organization', async () => {
    await expect(world.scope(a, b)).rejects.toThrow(/^D1/);
    await expect(world.scope(a, PLATFORM_ROOT_ID, TENANT)).rejects.toThrow(/^D1/);
    await expect(move(await world.scope(a), rootScopeId(b))).rejects.toThrow(/^D1/);
    await expect(move(await world.scope(a), PLATFORM_ROOT_ID)).rejects.toThrow(/^D1/);
    await expect(world.scope(a, randomUUID())).rejects.toThrow(/must exist/);
  });

  it('is contained as the types allow', async () => {
    await expect(world.scope(a, a, ENVIRONMENT)).rejects.toThrow(
      /^D1: a scope of this type cannot be in/,
    );
    const workspace = await world.scope(a);
    const project = await world.scope(a, workspace, PROJECT);
    const environment = await world.scope(a, project, ENVIRONMENT);
    await expect(move(environment, workspace)).rejects.toThrow(/^D1/);
    const retype = (id: string, type: string) =>
      world.rows('UPDATE scope SET type_id = $2 WHERE id = $1', id, type);
    await expect(retype(environment, WORKSPACE)).rejects.toThrow(
      /^D1: a scope of this type cannot be in/,
    );
    await expect(retype(workspace, PROJECT)).rejects.toThrow(
      /^D1: a scope of this type cannot contain/,
    );
  });

  it('keeps a containment that is in use', async () => {
    const type = await world.type(a);
    const scope = await world.scope(a, a, type);
    const remove = () =>
      world.rows(
        'DELETE FROM scope_type_edge WHERE parent_type_id = $1 AND child_type_id = $2',
        TENANT,
        type,
      );
    await expect(remove()).rejects.toThrow(/^D1/);
    const change = world.rows(
      'UPDATE scope_type_edge SET parent_type_id = $2 WHERE child_type_id = $1',
      type,
      PROJECT,
    );
    await expect(change).rejects.toThrow(/^D1/);
    await world.rows('DELETE FROM scope WHERE id = $1', scope);
    await remove();
  });
});

describe('D8: a role is assigned, and a permission given, in the defining scope and below', () => {
  const member = async (scope: string) =>
    world.insert('membership', {
      id: randomUUID(),
      scope_id: scope,
      organization_id: a,
      user_id: await world.user(a),
    });
  const assign = (membership: string, role: string) =>
    world.insert('role_assignment', { membership_id: membership, role_id: role });
  const give = (role: string, permission: string) =>
    world.insert('role_permission', { role_id: role, permission_id: permission });

  it('an assignment', async () => {
    const top = await world.scope(a, a, await world.type(a, 'DEFINE'));
    const role = await world.at('role', a, top);
    const rootRole = await world.at('role', a, a);
    await assign(await member(top), rootRole);
    await assign(await member(top), role);
    await expect(assign(await member(a), role)).rejects.toThrow(/^D8: a role can be assigned only/);
    const membership = await member(top);
    await assign(membership, role);
    const leave = world.rows('UPDATE membership SET scope_id = $2 WHERE id = $1', membership, root);
    await expect(leave).rejects.toThrow(/^D8/);
    const below = await world.scope(a);
    const sink = world.rows('UPDATE role SET scope_id = $2 WHERE id = $1', role, below);
    await expect(sink).rejects.toThrow(/^D8/);
  });

  it('a permission of a role', async () => {
    const top = await world.scope(a);
    const role = await world.at('role', a, a);
    const permission = await world.at('permission', a, top);
    await expect(give(role, permission)).rejects.toThrow(/^D8: a permission can be given only/);
    const own = await world.at('role', a, top);
    await give(own, permission);
    const rise = world.rows('UPDATE role SET scope_id = $2 WHERE id = $1', own, root);
    await expect(rise).rejects.toThrow(/^D8/);
    const sink = world.rows(
      'UPDATE permission SET scope_id = $2 WHERE id = $1',
      permission,
      await world.scope(a),
    );
    await expect(sink).rejects.toThrow(/^D8/);
  });

  it('a move that would strand either of them', async () => {
    const [left, right] = [await world.scope(a, a, folder), await world.scope(a, a, folder)];
    const inner = await world.scope(a, left, folder);
    const leaf = await world.scope(a, inner, folder);
    await assign(await member(leaf), await world.at('role', a, left));
    await expect(move(inner, right)).rejects.toThrow(/^D8/);
    expect((await kept(leaf)).path).toContain(left);

    const other = await world.scope(a, left, folder);
    await give(await world.at('role', a, other), await world.at('permission', a, left));
    await expect(move(other, right)).rejects.toThrow(/^D8/);

    const free = await world.scope(a, left, folder);
    await assign(await member(free), await world.at('role', a, free));
    await assign(await member(free), await world.at('role', a, a));
    await move(free, right);
  });
});
