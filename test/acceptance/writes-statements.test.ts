import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const ALL = ['read', 'create', 'update', 'delete', 'share', 'transfer'];

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const project = await world.scope(a, 'Project');
  const boss = await world.manager(a, [
    'role:read',
    'workflow:read',
    ...['form', 'config', 'team', 'user'].flatMap((type) =>
      ALL.filter((action) => type === 'form' || !['share', 'transfer'].includes(action)).map(
        (action) => `${type}:${action}`,
      ),
    ),
  ]);
  const role = await world.role(a);
  const workflow = await world.row('workflow', a, 'workflow');
  const mate = await world.user(a, 'mate');
  const team = await world.team(a, boss, []);
  const users = [];
  for (let n = 0; n < 50; n += 1) users.push((await world.user(a)).id);
  return { a, project, boss, role, workflow, mate, team, users };
});

/** With an Idempotency-Key: it is claimed, and what came of it is kept. */
const WITH_KEY = 2;

/** What a mutation sends, from the first statement to the last: who asks, the transaction, and the answer. */
async function sentBy(
  name: string,
  input: object,
  selection: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  // Who asks is known, and as they are now: then it is one statement to prove it.
  await shared.ask(shared.w.boss.email, '{ viewer { isPlatformAdmin } }');
  return shared.statements(async () => {
    const { errors } = await shared.ask(
      shared.w.boss.email,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
      { input },
      headers,
    );
    expect(errors).toEqual([]);
  });
}

const count = async (...mutation: Parameters<typeof sentBy>): Promise<number> =>
  (await sentBy(...mutation)).length;

const names = (size: number) => Array.from({ length: size }, () => ({ name: randomUUID() }));

async function planted(size: number): Promise<{ id: string }[]> {
  const made = [];
  for (const { name } of names(size)) {
    const { id } = await shared.world.row('form', shared.w.a, name);
    made.push({ id });
  }
  return made;
}

describe('the number of statements of', () => {
  it('createForm', async () => {
    const form = { name: randomUUID(), fields: [{ name: 'q', type: 'text' }] };
    expect(await count('createForm', form, 'form { id }')).toBe(12);
    const closed = { ...form, name: randomUUID(), accessLevel: 'ROLE_BASED' };
    const { role, workflow } = shared.w;
    // One for each relation, which finds what it names; of many, one for the rows between; and it is read again.
    const whole = { ...closed, workflow: workflow.id, roles: [role.id] };
    expect(await count('createForm', whole, 'form { id }')).toBe(16);
  });

  it.each(['updateForm', 'shareForm', 'transferForm', 'moveForm', 'deleteForm'])(
    '%s',
    async (name) => {
      const [form] = await planted(1);
      const { mate, project } = shared.w;
      const inputs: Record<string, [input: object, statements: number]> = {
        updateForm: [{ name: randomUUID() }, 14],
        shareForm: [{ accessLevel: 'ROLE_BASED', roles: [shared.w.role.id] }, 17],
        transferForm: [{ owner: mate.id }, 15],
        moveForm: [{ scope: project.id }, 16],
        deleteForm: [{}, 14],
      };
      const [input, statements] = inputs[name] ?? [{}, 0];
      const selection = name === 'deleteForm' ? 'deletedId' : 'form { id }';
      expect(await count(name, { ...form, ...input }, selection)).toBe(statements);
    },
  );

  it('one with an Idempotency-Key, and of one that is only answered what it did', async () => {
    const form = { name: randomUUID() };
    const headers = { 'idempotency-key': randomUUID() };
    expect(await count('createForm', form, 'form { id }', headers)).toBe(12 + WITH_KEY);
    expect(await count('createForm', form, 'form { id }', headers)).toBe(8);
  });

  it('setConfig, whether it makes one or changes one', async () => {
    const input = { key: randomUUID(), type: 'STRING', value: 'x' };
    const made = await count('setConfig', input, 'config { id }');
    const changed = await count('setConfig', input, 'config { id }');
    expect([made, changed]).toEqual([13, 16]);
  });

  it('addTeamMembers and removeTeamMembers, however many', async () => {
    const { team, users } = shared.w;
    const counts = [];
    for (const name of ['addTeamMembers', 'removeTeamMembers']) {
      for (const some of [users.slice(0, 1), users]) {
        counts.push(await count(name, { id: team.id, users: some }, 'team { id }'));
      }
    }
    expect(counts).toEqual([24, 24, 18, 18]);
  });

  it('createForms, updateForms and deleteForms: so many and a few an item', async () => {
    const of = async (size: number) => {
      const forms = (await planted(size)).map(({ id }) => ({ id }));
      const renamed = forms.map(({ id }) => ({ id, name: randomUUID() }));
      return [
        await count('createForms', { forms: names(size) }, 'forms { id }'),
        await count('updateForms', { forms: renamed }, 'forms { id }'),
        await count('deleteForms', { forms }, 'deletedIds'),
      ];
    };
    // What is made takes a statement an item. What is changed takes four: it is found, locked, read again and changed; and
    // two for all of them, which lock them in one order. Of what is deleted it is asked whether it has ever been submitted.
    expect(await of(10)).toEqual([11 + 10, 12 + 4 * 10, 11 + 5 * 10]);
    expect(await of(100)).toEqual([11 + 100, 12 + 4 * 100, 11 + 5 * 100]);
  });
});

/** What decides a change, in the order in which it has to be sent. */
const STEPS = {
  'whose locks': /FROM heimdall_vector\(/,
  'the locks of authority': /heimdall_lock_authority\(/,
  'who asks': /FROM heimdall_principal\(/,
  'the lock of the row': /FROM "form" .*FOR NO KEY UPDATE/,
  'the row': /^SELECT .*"description".* FROM "public"."form"/,
  'the change, of a row that permits it': /^UPDATE "public"."form" .* WHERE .*"governed_by" && /,
};

it('a change is decided by who asks and on a row that both stay so until it is done (D18)', async () => {
  const [form] = await planted(1);
  const sent = await sentBy('updateForm', { ...form, name: randomUUID() }, 'form { id }');
  const steps = sent.flatMap((sql) => {
    const line = sql.replaceAll(/\s+/g, ' ').trim();
    return Object.entries(STEPS).flatMap(([step, is]) => (is.test(line) ? [step] : []));
  });
  expect(steps).toEqual([
    ...['whose locks', 'the locks of authority', 'who asks'],
    // What was locked has to be all that who asks hangs on now: an older vector may have had less.
    'whose locks',
    ...['the lock of the row', 'the row', 'the change, of a row that permits it'],
  ]);
});
