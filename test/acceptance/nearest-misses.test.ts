import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataModel } from '../../src/data/generated-data-model.js';
import { permitted } from '../../src/data/prisma/permitted.js';
import type { Transaction } from '../../src/data/write/in-transaction.js';
import { reachOf } from '../../src/decisions/reach-of.js';
import { loadPrincipal } from '../../src/identity/load-principal.js';
import { Decisions } from '../../src/policy/decisions.js';
import { ownPlace } from '../../src/policy/situation.js';
import { policies } from '../../src/schema.js';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, type Spot, SYSTEM } from '../support/world.js';

const SCOPES = 5;
const SETS = [
  ['form:read'],
  ['form:update'],
  ['form:read', 'form:update'],
  ['form:delete', 'config:read'],
  [],
];

const role = fc.record({
  set: fc.nat(SETS.length - 1),
  own: fc.boolean(),
});
const arbitrary = fc.record({
  parents: fc.tuple(...Array.from({ length: SCOPES - 1 }, (_, n) => fc.nat(n))),
  /** Which scopes begin anew, by one type or another, or inherit. */
  types: fc.array(fc.nat(2), { minLength: SCOPES - 1, maxLength: SCOPES - 1 }),
  roles: fc.array(role, { minLength: 3, maxLength: 5 }),
  held: fc.array(fc.record({ role: fc.nat(4), scope: fc.nat(SCOPES - 1) }), {
    minLength: 1,
    maxLength: 4,
  }),
  overrides: fc.uniqueArray(
    fc.record({
      scope: fc.nat(SCOPES - 1),
      /** Of a role, of a permission, or of the one in the other. */
      role: fc.option(fc.nat(4), { freq: 8 }),
      permission: fc.option(fc.constantFrom('form:read', 'form:update'), { freq: 1 }),
      lifts: fc.nat(4).map((n) => n === 0),
    }),
    {
      maxLength: 4,
      selector: ({ scope, role: ofRole, permission }) => `${scope} ${ofRole} ${permission}`,
    },
  ),
  bound: fc.array(fc.nat(4), { minLength: SCOPES, maxLength: SCOPES }),
});
type Drawn = typeof arbitrary extends fc.Arbitrary<infer T> ? T : never;

interface Planted {
  readonly owner: Person;
  readonly manager: Person;
  readonly subject: Person;
  readonly forms: readonly Identified[];
}

const shared = gatewayWith(async () => ({}));

async function plant(drawn: Drawn): Promise<Planted> {
  const { world } = shared;
  const organization = await world.organization('generated');
  const modes = ['DEFINE', 'DEFINE', 'MERGE'];
  const types: Identified[] = [];
  for (const mode of modes) types.push(await world.scopeType(organization, mode));
  await world.client.scopeTypeEdge.createMany({
    data: types.flatMap((parent) =>
      types
        .filter((child) => child !== parent)
        .map((child) => ({ parentTypeId: parent.id, childTypeId: child.id })),
    ),
    skipDuplicates: true,
  });
  const scopes: Spot[] = [organization];
  for (let n = 1; n < SCOPES; n++) {
    const parent = scopes[drawn.parents[n - 1] as number] as Spot;
    scopes.push(await world.scope(parent, `scope ${n}`, types[drawn.types[n - 1] as number]));
  }
  const roles: Identified[] = [];
  for (const { set, own } of drawn.roles) {
    const dataAccess = own ? 'OWN_DATA' : 'ALL_DATA';
    roles.push(await world.role(organization, SETS[set], { dataAccess }));
  }
  const roleAt = (n: number) => roles[n % roles.length] as Identified;
  const [owner, manager, subject] = [
    await world.user(organization, 'owner'),
    await world.user(organization, 'manager'),
    await world.user(organization, 'subject'),
  ];
  const managing = await world.role(organization, [
    ...['permission:inspect', 'user:read', 'role:read', 'permission:read', 'role:assign'],
    ...['scope:read', 'scopeOverride:read', 'scopeOverride:delete', 'scopeType:read'],
    ...['form:read', 'form:update'],
  ]);
  for (const at of scopes) {
    await world.hold(owner, SYSTEM.Owner, at);
    await world.hold(manager, managing, at);
  }
  const held = new Map(drawn.held.map((one) => [`${one.role % roles.length} ${one.scope}`, one]));
  for (const one of held.values()) {
    await world.hold(subject, roleAt(one.role), scopes[one.scope] as Spot);
  }
  for (const { scope, role: ofRole, permission, lifts } of drawn.overrides) {
    if (ofRole === null && permission === null) continue;
    const { scopeId, organizationId } = scopes[scope] as Spot;
    const of = {
      roleId: ofRole === null ? null : roleAt(ofRole).id,
      permissionId:
        permission === null ? null : (await world.permission(organization, permission)).id,
    };
    const at = { scopeId, organizationId };
    if ((await world.client.scopeOverride.count({ where: { ...at, ...of } })) > 0) continue;
    const state = lifts && scope > 0 ? 'enabled' : 'disabled';
    await world.client.scopeOverride.create({ data: { ...at, ...of, state } });
  }
  const forms = [];
  for (const [n, at] of scopes.entries()) {
    const bound = roleAt(drawn.bound[n] as number);
    const options = { access: 'ROLE_BASED', roles: [bound], owner, by: owner };
    forms.push(await world.row('form', at, `form ${n}`, options));
  }
  return { owner, manager, subject, forms };
}

interface Change {
  readonly change: string;
  readonly role: Identified | null;
  readonly scope: Identified | null;
  readonly override: Identified | null;
  readonly scopeType: Identified | null;
}

const EXPLAIN = /* GraphQL */ `
  query ($id: ID!, $action: String!, $subject: SubjectInput) {
    explainAccess(resourceType: "form", resourceId: $id, action: $action, subject: $subject) {
      decision { answer }
      nearestMisses { changes { change role { id } scope { id } override { id } scopeType { id } } }
    }
  }
`;

class Undone extends Error {}

/** What may be done once changes are made, by the database itself, in a transaction that is undone. */
async function permitsAfter(
  changes: readonly Change[],
  subject: Person,
  form: Identified,
  action: string,
): Promise<boolean> {
  let answer: boolean | undefined;
  const work = async (tx: Transaction) => {
    for (const change of changes) await make(tx, change, subject, form);
    const principal = await loadPrincipal(tx, { userId: subject.id });
    if (principal === null) throw new Error('nobody is asked about');
    const place = reachOf(ownPlace(principal));
    const guarding = { dataModel, decisions: new Decisions(policies, principal, place) };
    const may = [];
    for (const need of ['read', action]) {
      may.push((await permitted(tx, guarding, 'Form', need, [form.id])).has(form.id));
    }
    answer = may.every(Boolean);
    throw new Undone();
  };
  await shared.world.client.$transaction(work).catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
  if (answer === undefined) throw new Error('nothing was asked');
  return answer;
}

async function make(
  tx: Transaction,
  { change, role: ofRole, scope, override, scopeType }: Change,
  { id: userId }: Person,
  { id: formId }: Identified,
): Promise<void> {
  const roleId = ofRole?.id as string;
  switch (change) {
    case 'ASSIGN_ROLE': {
      const scopeId = scope?.id as string;
      const { organizationId } = await tx.scope.findUniqueOrThrow({ where: { id: scopeId } });
      const membership =
        (await tx.membership.findFirst({ where: { scopeId, userId } })) ??
        (await tx.membership.create({ data: { scopeId, userId, organizationId } }));
      await tx.roleAssignment.create({ data: { membershipId: membership.id, roleId } });
      return;
    }
    case 'SHARE_WITH_ROLE':
      await tx.formRole.create({ data: { formId, roleId } });
      return;
    case 'CHANGE_REACH':
      await tx.role.update({ where: { id: roleId }, data: { dataAccess: 'ALL_DATA' } });
      return;
    case 'LIFT_OVERRIDE':
      await tx.scopeOverride.delete({ where: { id: override?.id as string } });
      return;
    case 'MERGE_TYPE':
      await tx.scopeType.update({
        where: { id: scopeType?.id as string },
        data: { permissionMode: 'MERGE' },
      });
      return;
    default:
      throw new Error(`nobody knows how to ${change}`);
  }
}

describe('nearest misses', () => {
  it('do permit, each of them, once they are made, and not by less', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(arbitrary, async (drawn) => {
        const { owner, manager, subject, forms } = await plant(drawn);
        for (const who of [owner, manager]) {
          for (const form of forms) {
            for (const action of ['use', 'update', 'delete']) {
              const { data, errors } = await shared.ask(who.email, EXPLAIN, {
                ...{ id: form.id, action, subject: { userId: subject.id } },
              });
              expect(errors).toEqual([]);
              const { decision, nearestMisses } = data.explainAccess;
              if (nearestMisses.length === 0) continue;
              expect(decision.answer).toBe('NO');
              expect(nearestMisses.length).toBeLessThanOrEqual(3);
              expect(await permitsAfter([], subject, form, action)).toBe(false);
              for (const { changes } of nearestMisses as { changes: Change[] }[]) {
                const kinds = changes.map(({ change }) => change).join(' + ');
                seen.set(kinds, (seen.get(kinds) ?? 0) + 1);
                const told = [action, kinds];
                expect([...told, await permitsAfter(changes, subject, form, action)]).toEqual([
                  ...told,
                  true,
                ]);
                if (changes.length === 1) continue;
                for (const one of changes) {
                  expect([...told, await permitsAfter([one], subject, form, action)]).toEqual([
                    ...told,
                    false,
                  ]);
                }
              }
            }
          }
        }
      }),
      { numRuns: Number(process.env.MISS_RUNS ?? 20), endOnFailure: true, seed: 12 },
    );
    const kinds = [...seen.keys()];
    const told = kinds.flatMap((kind) => kind.split(' + '));
    for (const kind of [
      'ASSIGN_ROLE',
      'SHARE_WITH_ROLE',
      'CHANGE_REACH',
      'LIFT_OVERRIDE',
      'MERGE_TYPE',
    ]) {
      expect(told).toContain(kind);
    }
    expect(kinds.filter((kind) => kind.includes(' + ')).length).toBeGreaterThan(2);
  }, 300_000);
});
