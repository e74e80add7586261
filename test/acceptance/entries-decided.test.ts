import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { type Identified, type Person, SYSTEM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'project');
  const wall = await world.scope(a, 'wall', await world.scopeType(a, 'DEFINE'));
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const within = await world.user(a, 'within');
  await world.hold(within, SYSTEM.Owner, wall);
  const forms = {
    project: await world.row('form', project, 'project'),
    root: await world.row('form', a, 'root'),
    wall: await world.row('form', wall, 'wall'),
  };
  const reader = await world.manager(a, ['audit:read', 'form:read'], { at: project });
  const everywhere = await world.manager(a, ['audit:read']);
  const own = await world.manager(a, ['audit:read', 'form:read', 'form:update'], {
    dataAccess: 'OWN_DATA',
  });
  const outsider = await world.user(a, 'outsider');
  // Reads what happened in a place that is to begin anew, and asks about others above it.
  const closing = await world.scopeType(a, 'MERGE');
  const yard = await world.scope(a, 'yard', closing);
  const half = await world.manager(a, [
    'permission:inspect',
    'user:read',
    'audit:read',
    'form:read',
  ]);
  await world.hold(half, await world.role(yard, ['audit:read', 'form:read']), yard);
  const inYard = await world.row('form', yard, 'yard');
  return {
    closing,
    half,
    inYard,
    owner,
    within,
    forms,
    people: { reader, everywhere, own, outsider },
  };
});

const UPDATE =
  'mutation ($id: ID!) { updateForm(input: { id: $id, description: "x" }) { form { id } } }';
const MANY = 'query ($checks: [CheckInput!]!) { checkMany(checks: $checks) { answer } }';
const LIST = /* GraphQL */ `
  query ($subject: SubjectInput) {
    accessibleResources(action: "read", resourceType: "audit", subject: $subject, first: 100) {
      edges { node { id } }
    }
  }
`;

describe('what others may read of the record', () => {
  it('is told by check as by the list', async () => {
    const { owner, within, forms, people } = shared.w;
    for (const [who, form] of [
      [owner, forms.project],
      [owner, forms.root],
      [within, forms.wall],
    ] as const) {
      const { errors } = await shared.ask(who.email, UPDATE, { id: form.id });
      expect(errors).toEqual([]);
    }
    const entries = await shared.world.client.auditEntry.findMany({ select: { id: true } });
    const checked = async (subject: Person, some: readonly Identified[], asker = owner) => {
      const checks = some.map(({ id }) => ({
        ...{ action: 'read', resourceType: 'audit', resourceId: id },
        subject: { userId: subject.id },
      }));
      const { data, errors } = await shared.ask(asker.email, MANY, { checks });
      expect(errors).toEqual([]);
      return data.checkMany.map(({ answer }: { answer: string }) => answer) as string[];
    };
    const counts: number[] = [];
    for (const subject of Object.values(people)) {
      const answers = await checked(subject, entries);
      const may = entries.flatMap(({ id }, index) => (answers[index] === 'YES' ? [id] : []));
      const { data, errors } = await shared.ask(owner.email, LIST, {
        subject: { userId: subject.id },
      });
      expect(errors).toEqual([]);
      const listed = data.accessibleResources.edges.map(
        ({ node }: { node: Identified }) => node.id,
      );
      expect(may.sort()).toEqual(listed.sort());
      counts.push(may.length);
      // What happened behind the wall is told to nobody outside of it.
      expect(answers).toContain('UNKNOWN');
    }
    expect(counts).toEqual([1, 2, 0, 0]);
    // Of all rows at once.
    const { everywhere } = people;
    const one = await shared.statements(() => checked(everywhere, entries.slice(0, 1)));
    const all = await shared.statements(() => checked(everywhere, entries));
    expect(all.length).toBe(one.length);
  });

  it('is not told to who reads an entry, where they may not ask that any more', async () => {
    const { closing, half, inYard, owner } = shared.w;
    const { client } = shared.world;
    expect((await shared.ask(owner.email, UPDATE, { id: inYard.id })).errors).toEqual([]);
    const { id } = await client.auditEntry.findFirstOrThrow({ where: { resourceId: inYard.id } });
    const asked = async () => {
      const checks = [
        {
          ...{ action: 'read', resourceType: 'audit', resourceId: id },
          subject: { userId: owner.id },
        },
      ];
      const query = `query ($checks: [CheckInput!]!) {
        auditEntries { edges { node { id } } }
        checkMany(checks: $checks) { answer }
      }`;
      const { data } = await shared.ask(half.email, query, { checks });
      const listed = data.auditEntries.edges.map(({ node }: { node: Identified }) => node.id);
      return { isListed: listed.includes(id), answer: data.checkMany[0].answer };
    };
    expect(await asked()).toEqual({ isListed: true, answer: 'YES' });
    // What is held above ends there: the entry says by itself that it counts, and its place that it does not.
    await client.scopeType.update({
      where: { id: closing.id },
      data: { permissionMode: 'DEFINE' },
    });
    expect(await asked()).toEqual({ isListed: true, answer: 'UNKNOWN' });
  });
});
