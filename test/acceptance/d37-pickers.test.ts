import { describe, expect, it } from 'vitest';
import { nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, PLATFORM, type Spot } from '../support/world.js';

const KINDS = ['form', 'workflow', 'agent', 'app'] as const;

/** The same numbers each time (mulberry32). */
function numbers(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const shared = gatewayWith(async (world) => {
  const random = numbers(37);
  const pick = <T>(of: readonly T[]): T => of[random(of.length)] as T;
  const a = await world.organization('A');
  const b = await world.organization('B', { isProvider: true });
  const workspace = await world.scope(a, 'workspace', 'Workspace');
  const project = await world.scope(workspace, 'project');
  const vault = await world.scope(a, 'vault', await world.scopeType(a, 'DEFINE'));
  const places: readonly Spot[] = [a, workspace, project, vault, PLATFORM, b];
  const roles: Identified[] = [];
  for (const at of [a, a, PLATFORM]) roles.push(await world.role(at));
  const [x, y, everywhere] = roles as [Identified, Identified, Identified];
  for (const kind of KINDS) {
    for (const at of places) {
      for (const name of ['one', 'two', 'three', 'four', 'five']) {
        if (random(5) === 0) continue;
        const mine = at.organizationId === a.organizationId ? [x, y, everywhere] : [everywhere];
        const access = pick([
          'AUTHENTICATED',
          'AUTHENTICATED',
          'ROLE_BASED',
          'ROLE_BASED',
          kind === 'agent' ? 'PRIVATE' : 'ROLE_BASED',
        ]);
        const bound = [...new Set([pick(mine), pick(mine)])].slice(random(2));
        await world.row(kind, at, name, { access, roles: bound, inactive: random(5) === 0 });
      }
    }
  }
  const reads = KINDS.map((kind) => `${kind}:read`);
  const holder = async (role: Identified, at: Spot) => {
    const user = await world.user(a, 'holder');
    await world.hold(user, role, at);
    return user;
  };
  const owner = await holder(x, a);
  await world.hold(owner, await world.role(a, reads), a);
  const key = async (operations: readonly string[]) => {
    const { value } = await world.key(a, 'API_KEY', { owner, operations });
    return { 'x-api-key': value };
  };
  const person = ({ email }: { readonly email: string }) => email;
  return {
    a,
    b,
    project,
    vault,
    askers: {
      nobody: person(await world.user(a, 'nobody')),
      x: person(await holder(x, a)),
      yBelow: person(await holder(y, project)),
      inVault: person(await holder(everywhere, vault)),
      atRoot: person(await holder(everywhere, a)),
      manager: person(await world.manager(a, reads)),
      both: person(owner),
      admin: person(await world.user(a, 'admin', { isPlatformAdmin: true })),
      staff: person(await world.manager(b, ['organization:actIn', ...reads])),
      toUse: await key(KINDS.map((kind) => `${kind}:use`)),
      toRead: await key(reads),
    } satisfies Record<string, string | Readonly<Record<string, string>>>,
  };
});

type Who = keyof typeof shared.w.askers;

function ask(who: Who, source: string, variables: object = {}) {
  const asker = shared.w.askers[who];
  return typeof asker === 'string'
    ? shared.ask(asker, source, { ...variables })
    : shared.ask(null, source, { ...variables }, asker);
}

const placesFor = (): Record<string, string> => ({
  omitted: '',
  'a scope': `scope: "${shared.w.project.id}"`,
  'behind a boundary': `scope: "${shared.w.vault.id}"`,
  'the global tier': 'scope: null',
  'with shadowed ones': 'includeShadowed: true',
  'another organization': `scope: "${shared.w.b.id}"`,
  'the organization by id': `scope: "${shared.w.a.id}"`,
  everywhere: 'acrossOrganizations: true',
});

const WHO = [
  'nobody',
  'x',
  'yBelow',
  'inVault',
  'atRoot',
  'manager',
  'both',
  'admin',
  'staff',
  'toUse',
  'toRead',
] as const satisfies readonly Who[];

describe('D37: usable: true lists what check permits to use, of what is listed without', () => {
  it.each(WHO)('to %s', async (who) => {
    let usable = 0;
    let others = 0;
    for (const kind of KINDS) {
      for (const [place, args] of Object.entries(placesFor())) {
        const field = `${kind}s(first: 200, ${args}`;
        const source = `{ all: ${field}) { edges { node { id canUse } } } picked: ${field}, usable: true) { totalCount edges { node { id canUse } } } none: ${field}, usable: false) { totalCount } }`;
        const { data, errors } = await ask(who, source);
        if (errors.length > 0) {
          expect(errors.map(({ extensions }) => extensions.code)).toEqual(
            Array(3).fill('SCOPE_FORBIDDEN'),
          );
          continue;
        }
        const all = nodesOf<{ id: string; canUse: boolean }>(data.all);
        const picked = nodesOf<{ id: string; canUse: boolean }>(data.picked);
        const expected = all.filter(({ canUse }) => canUse);
        expect([kind, place, picked]).toEqual([kind, place, expected]);
        expect(data.picked.totalCount).toBe(expected.length);
        expect(data.none.totalCount).toBe(all.length);
        usable += expected.length;
        others += all.length - expected.length;
        if (place !== 'omitted') continue;
        const asked = `query ($checks: [CheckInput!]!) { checkMany(checks: $checks) { answer } }`;
        const checks = all.map(({ id }) => ({
          action: 'use',
          resourceType: kind,
          resourceId: id,
        }));
        const checked = await ask(who, asked, { checks });
        expect(checked.errors).toEqual([]);
        expect(all.filter((_, index) => checked.data.checkMany[index].answer === 'YES')).toEqual(
          expected,
        );
      }
    }
    // The world says something of everybody, and of managers what they may not use.
    if (who !== 'toRead') expect(usable).toBeGreaterThan(0);
    if (['manager', 'both', 'admin', 'toRead'].includes(who)) expect(others).toBeGreaterThan(0);
  });

  it('a page at a time, in any order, and with a filter', async () => {
    const source = `query ($after: String) { forms(usable: true, first: 2, after: $after, includeShadowed: true,
      where: { name: { in: ["one", "two", "three"] } }, orderBy: [{ field: NAME, direction: DESC }]) {
      edges { node { id name canUse } } pageInfo { hasNextPage endCursor } totalCount } }`;
    const found: { id: string; name: string; canUse: boolean }[] = [];
    let after: string | null = null;
    for (let page = 0; page < 20; page += 1) {
      const { data, errors } = await ask('manager', source, { after });
      expect(errors).toEqual([]);
      found.push(...nodesOf<(typeof found)[number]>(data.forms));
      expect(data.forms.totalCount).toBeGreaterThanOrEqual(found.length);
      if (!data.forms.pageInfo.hasNextPage) break;
      after = data.forms.pageInfo.endCursor;
    }
    expect(found.every(({ canUse }) => canUse)).toBe(true);
    expect(found.length).toBeGreaterThan(2);
    const names = found.map(({ name }) => name);
    expect(names).toEqual([...names].sort().reverse());
  });
});
