import { describe, expect, it } from 'vitest';
import { namesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import type { RowKind, World } from '../support/world.js';

const KINDS: readonly RowKind[] = ['form', 'config'];
const NAMES = [
  '100%/x',
  '100/x',
  '100x/x',
  'Billing/a',
  'a_c/x',
  'abc/x',
  'back\\slash/x',
  'backslash/x',
  'billing',
  'billing/',
  'billing/a',
  'billing/b/c',
  'billingx/a',
  'x/billing/a',
];

async function planted(world: World) {
  const a = await world.organization('A');
  const me = await world.user(a, 'me');
  const other = await world.user(a, 'other');
  const ids = new Map<string, string>();
  for (const kind of KINDS) {
    const closed = kind === 'config' ? {} : { access: 'ROLE_BASED' };
    for (const name of NAMES) {
      const { id } = await world.row(kind, a, name, { by: other, owner: other, ...closed });
      ids.set(`${kind} ${name}`, id);
    }
    await world.row(kind, a, 'mine', { by: other, owner: me, ...closed });
    await world.row(kind, a, 'made by me', { by: me, owner: other, ...closed });
    await world.row(kind, a, "nobody's", closed);
  }
  return { a, me, ids };
}

const shared = gatewayWith(planted);

/** What `me` reads by one permission with this pattern. */
async function readBy(kind: RowKind, pattern: string): Promise<string[]> {
  const { world, w } = shared;
  const role = await world.role(w.a, []);
  const permission = await world.permission(w.a, `${kind}:read:${pattern}`);
  await world.client.rolePermission.create({
    data: { roleId: role.id, permissionId: permission.id },
  });
  await world.hold(w.me, role, w.a);
  const name = kind === 'config' ? 'key' : 'name';
  const { data } = await shared.ask(
    w.me.email,
    `{ list: ${kind}s(first: 200) { totalCount edges { node { ${name} } } } }`,
  );
  await world.client.role.delete({ where: { id: role.id } });
  const names = namesOf(data.list);
  expect(data.list.totalCount).toBe(names.length);
  return names;
}

describe.each(KINDS)('D10: the pattern of a permission on %ss', (kind) => {
  it.each([
    ['billing', ['billing']],
    ['billing/*', ['billing/', 'billing/a', 'billing/b/c']],
    ['billing/b/*', ['billing/b/c']],
    ['billing/a', ['billing/a']],
    ['BILLING/*', []],
    ['100%/*', ['100%/x']],
    ['a_c/*', ['a_c/x']],
    ['back\\slash/*', ['back\\slash/x']],
    ['%', []],
    ['%/*', []],
    ['_illing/*', []],
    ['\\/*', []],
    ['owned', ['mine']],
    ['nothing', []],
  ])('%s matches just %j', async (pattern, names) => {
    expect(await readBy(kind, pattern)).toEqual(names);
  });

  it('* matches every row', async () => {
    const all = [...NAMES, 'made by me', 'mine', "nobody's"];
    expect(await readBy(kind, '*')).toEqual(all.sort());
  });

  it('an id matches its row', async () => {
    const id = shared.w.ids.get(`${kind} billing`) ?? '';
    expect(await readBy(kind, id)).toEqual(['billing']);
    expect(await readBy(kind, id.toUpperCase())).toEqual(['billing']);
    expect(await readBy(kind, `${id}/*`)).toEqual([]);
  });
});
