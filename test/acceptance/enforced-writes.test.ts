import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import {
  type EnforcedWrites,
  enforcedWrites,
} from '../../src/commands/enforced/enforced-writes.js';
import { Findings } from '../../src/commands/findings.js';
import { recordAll } from '../../src/commands/record.js';
import { createSession } from '../../src/commands/session.js';
import type { Database } from '../../src/data/clients.js';
import { writableOf } from '../../src/graphql/writable-of.js';
import { loadPrincipal, loadPrincipalAnew } from '../../src/identity/load-principal.js';
import { EnforcementError } from '../../src/query/enforcement-error.js';
import { config } from '../../src/resources/config/config.js';
import { form } from '../../src/resources/form/form.js';
import { createGateway } from '../../src/schema.js';
import { freshDatabase } from '../support/database.js';
import { uuid7 } from '../support/uuid.js';
import { type Identified, type Spot, World } from '../support/world.js';

const NOTING = { aim: () => undefined, organizationId: uuid7, findings: new Findings() };

const writables = [writableOf(form), writableOf(config)];

let database: Database;
let a: Spot;
let editor: Identified;
let reader: Identified;
let boss: Identified;
let own: Identified;
let hidden: Identified;
beforeAll(async () => {
  database = await freshDatabase();
  const world = new World(database.client, 'enforced-writes');
  a = await world.organization('A');
  const b = await world.organization('B');
  const project = await world.scope(a, 'Project');
  editor = await world.user(a, 'editor');
  const writes = ['form:create', 'form:update', 'form:delete', 'form:read', 'config:read'];
  await world.hold(editor, await world.role(a, writes), project);
  reader = await world.manager(a, ['form:read']);
  const all = ['create', 'read', 'update', 'delete', 'share', 'transfer'];
  boss = await world.manager(a, [...all.map((action) => `form:${action}`), 'workflow:read']);
  for (const n of [1, 2, 3]) await world.row('form', project, `project ${n}`);
  for (const n of [1, 2, 3]) await world.row('form', a, `root ${n}`);
  own = await world.row('workflow', a, 'own');
  hidden = await world.row('workflow', b, 'hidden');
});
afterAll(() => database.close());

type Forms = NonNullable<EnforcedWrites['form']>;

/** Writes forms as somebody, in one transaction. */
async function as<T>(who: Identified, work: (forms: Forms) => Promise<T>): Promise<T> {
  const principal = await loadPrincipal(database.client, { userId: who.id });
  if (principal === null) throw new Error('nobody');
  const gateway = createGateway(database.client, { principalAnew: loadPrincipalAnew });
  const context = await gateway.contextFor(principal, { scopeHeader: null });
  return context.transact(
    async (within) => {
      const session = createSession(within, NOTING);
      const answer = await work(enforcedWrites(session, writables).form as Forms);
      await recordAll(session);
      return answer;
    },
    { command: 'test' },
  );
}

const stored = async () =>
  (await database.client.form.findMany({ orderBy: { name: 'asc' } })).map(
    ({ name, description, version }) => `${name}: ${description} ${version}`,
  );

const entries = () => database.client.auditEntry.count();
const idOf = async (name: string) =>
  (await database.client.form.findFirstOrThrow({ where: { name } })).id;

describe('issue 11: the enforced client writes many', () => {
  it('of the rows that match those that permit it, each recorded', async () => {
    const before = await entries();
    const where = { name: { not: 'project 2' } };
    const answer = await as(editor, (forms) =>
      forms.updateMany({ where, data: { description: 'seen' } }),
    );
    expect(answer).toEqual({ count: 2 });
    expect(await stored()).toEqual([
      'project 1: seen 2',
      'project 2: null 1',
      'project 3: seen 2',
      'root 1: null 1',
      'root 2: null 1',
      'root 3: null 1',
    ]);
    expect(await entries()).toBe(before + 2);
  });

  it('none of them, where reading is all that is permitted', async () => {
    const before = await stored();
    const answers = await as(reader, async (forms) => [
      await forms.updateMany({ where: {}, data: { description: 'mine' } }),
      await forms.deleteMany({ where: {} }),
    ]);
    expect(answers).toEqual([{ count: 0 }, { count: 0 }]);
    expect(await stored()).toEqual(before);
  });

  it('makes them where the request acts, and deletes them again', async () => {
    const made = await as(boss, (forms) =>
      forms.createManyAndReturn({ data: [{ name: 'x' }, { name: 'y' }].map(asked) }),
    );
    expect(made).toMatchObject([
      { name: 'x', scopeId: a.scopeId, ownerId: boss.id },
      { name: 'y', scopeId: a.scopeId, createdById: boss.id },
    ]);
    const answer = await as(boss, async (forms) => [
      await forms.createMany({ data: [asked({ name: 'z' })] }),
      await forms.deleteMany({ where: { name: { in: ['x', 'y', 'z'] } } }),
    ]);
    expect(answer).toEqual([{ count: 1 }, { count: 3 }]);
  });

  it('not more than a batch holds, and then none', async () => {
    const where = { name: { startsWith: 'many' } };
    const data = Array.from({ length: 501 }, (_, n) => asked({ name: `many ${n}` }));
    await expect(as(boss, (forms) => forms.createMany({ data }))).rejects.toThrow('at most 500');
    expect(await database.client.form.count({ where })).toBe(0);
  });
});

const asked = (data: object) => ({ fields: [{ name: 'q', type: 'text' }], ...data });

describe('issue 11: the enforced client writes one', () => {
  it('by its id, with what each part of it needs', async () => {
    const made = await as(boss, (forms) => forms.create({ data: asked({ name: 'one' }) }));
    const where = { id: made.id };
    const updated = await as(boss, (forms) =>
      forms.update({
        where,
        data: { description: 'new', workflow: { connect: { id: own.id } }, accessLevel: 'OWNER' },
      }),
    );
    // One change by `update` and one by `share`.
    expect(updated).toMatchObject({ workflowId: own.id, accessLevel: 'OWNER', version: 3 });
    await as(boss, (forms) => forms.update({ where, data: { workflow: { disconnect: true } } }));
    const deleted = await as(boss, (forms) => forms.delete({ where }));
    expect(deleted).toMatchObject({ id: made.id, workflowId: null });
  });

  it('refuses as a mutation does', async () => {
    const project = { id: await idOf('project 1') };
    const codes = await Promise.all(
      [
        as(editor, (forms) => forms.update({ where: project, data: { accessLevel: 'PUBLIC' } })),
        as(reader, (forms) => forms.delete({ where: project })),
        as(editor, (forms) => forms.delete({ where: { id: hidden.id } })),
        as(reader, (forms) => forms.create({ data: asked({ name: 'mine' }) })),
        as(boss, (forms) =>
          forms.update({ where: project, data: { workflow: { connect: { id: hidden.id } } } }),
        ),
        as(boss, (forms) => forms.update({ where: project, data: { name: '' } })),
      ].map((one) => one.then(() => 'done').catch(({ code }: { code: string }) => code)),
    );
    expect(codes).toEqual([
      'FORBIDDEN',
      'FORBIDDEN',
      'NOT_FOUND',
      'FORBIDDEN',
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
    ]);
  });
});

describe('issue 11: what Prisma does not guard is refused to all', () => {
  const id = '00000000-0000-7000-8000-000000000001';
  test.each<[operation: string, args: object]>([
    ['upsert', { where: { id }, create: {}, update: {} }],
    ['findMany', {}],
    ['updateManyAndReturn', { where: {}, data: {} }],
    ['tomorrow', {}],
    ['create', { data: asked({ name: 'a' }), include: { workflow: true } }],
    ['create', { data: asked({ name: 'a', ownerId: id }) }],
    ['create', { data: asked({ name: 'a', scopeId: id }) }],
    ['create', { data: asked({ name: 'a', organization: { connect: { id } } }) }],
    ['create', { data: asked({ name: 'a', workflowId: id }) }],
    ['create', { data: asked({ name: 'a', workflow: { create: { name: 'b' } } }) }],
    ['create', { data: asked({ name: 'a', roles: { create: [{ roleId: id }] } }) }],
    ['create', { data: asked({ name: undefined }) }],
    ['create', { data: { description: 'a' } }],
    ['createMany', { data: { name: 'a' } }],
    ['update', { where: { name: 'a' }, data: {} }],
    ['update', { where: { id, name: 'a' }, data: {} }],
    ['update', { where: { id }, data: {} }],
    ['update', { where: { id }, data: { version: { increment: -1 } } }],
    ...[
      { connectOrCreate: { where: { id }, create: {} } },
      { upsert: { create: {}, update: {} } },
      { update: { name: 'b' } },
      { delete: true },
      { disconnect: { name: 'b' } },
      { disconnect: false },
      { set: { id } },
      { connect: { id, name: 'b' } },
      { connect: { id }, disconnect: true },
      {},
      null,
    ].map((workflow): [string, object] => ['update', { where: { id }, data: { workflow } }]),
    ['updateMany', { data: { name: 'a' } }],
    ['updateMany', { where: { version: undefined }, data: { name: 'a' } }],
    ['deleteMany', {}],
    ['deleteMany', { where: {}, limit: 1 }],
    ['delete', { where: { id }, select: { id: true } }],
  ])('%s %j', async (operation, args) => {
    const before = await stored();
    const call = as(boss, async (forms) => {
      const run = (forms as unknown as Record<string, (args: object) => Promise<unknown>>)[
        operation
      ];
      return run?.(args);
    });
    await expect(call).rejects.toThrow(EnforcementError);
    expect(await stored()).toEqual(before);
  });

  test.each(['$queryRaw', '$executeRaw', '$parent', 'user', 'auditEntry', 'formRole'])(
    'nor does %s lead anywhere',
    async (name) => {
      const principal = await loadPrincipal(database.client, { userId: boss.id });
      if (principal === null) throw new Error('nobody');
      const gateway = createGateway(database.client, { principalAnew: loadPrincipalAnew });
      const context = await gateway.contextFor(principal, { scopeHeader: null });
      const work = context.transact(
        async (within) => enforcedWrites(createSession(within, NOTING), writables)[name],
        { command: 'test' },
      );
      await expect(work).rejects.toThrow(EnforcementError);
    },
  );
});
