import { describe, expect, it } from 'vitest';
import { sealConfig } from '../../src/secrets/of-config.js';
import { gatewayWith, KEYRING } from '../support/gateway.js';
import { asking, type Handed, launched, workerKey, workerOf } from '../support/working.js';
import { type Identified, PLATFORM, type Spot } from '../support/world.js';

const SECRET = 'a secret that is long enough';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const home = await world.organization('provider', { isProvider: true });
  const project = await world.scope(a, 'project');
  const aside = await world.scope(a, 'aside');
  const ada = await world.user(a, 'ada');
  const editor = await world.manager(a, ['config:read', 'config:update', 'form:read'], {
    name: 'editor',
  });
  const root = await world.user(home, 'root', { isPlatformAdmin: true });
  await world.row('config', PLATFORM, 'of all');
  await world.row('config', a, 'of a');
  await world.row('config', project, 'of project');
  await world.row('config', aside, 'aside');
  await world.row('config', b, 'of b');
  await world.row('form', b, 'form of b');
  await world.row('form', a, 'form of a');
  const work = await world.row('workflow', project, 'work');
  const shared = await world.row('workflow', PLATFORM, 'global work');
  const capped = await world.row('workflow', project, 'capped', {
    more: { operations: ['config:read'] },
  });
  const helper = await world.row('agent', project, 'helper');
  const key = await world.key(home, 'API_KEY', { operations: ['execution:work'] });
  const role = await world.role(PLATFORM, ['execution:work'], { name: 'workers of all' });
  await world.hold({ apiKey: key }, role, PLATFORM);
  return { a, b, home, project, aside, ada, editor, root, work, shared, capped, helper, key };
});

const seal = async (at: Spot, key: string, value: unknown): Promise<Identified> => {
  const { client } = shared.world;
  const made = await shared.world.row('config', at, key);
  const ciphertext = sealConfig(KEYRING, made.id, value);
  await client.config
    .update({ where: { id: made.id }, data: { type: 'SECRET', value: null as never, ciphertext } })
    .catch(async () => {
      await client.$executeRaw`UPDATE config SET type = 'SECRET', value = NULL, ciphertext = ${ciphertext} WHERE id = ${made.id}::text::uuid`;
    });
  return made;
};

interface Run extends Handed {
  readonly as: ReturnType<typeof asking>;
  readonly worker: ReturnType<typeof workerOf>;
}

/** Launches, claims, and asks with the token. */
async function running(options: {
  by: Identified;
  workflow?: Identified;
  agent?: Identified;
  at?: Spot;
  more?: object;
}): Promise<Run> {
  const { id } = await launched(shared.world, { at: shared.w.project, ...options } as never);
  const worker = workerOf(shared, shared.w.key);
  const found = (await worker.claim()).find((one) => one.id === id);
  if (found === undefined) throw new Error('it was not handed out');
  return { ...found, worker, as: asking(shared, found.token) };
}

const CONFIGS = '{ configs(first: 50) { edges { node { key value } } } }';
const keysOf = (data: { configs: { edges: { node: { key: string } }[] } }): string[] =>
  data.configs.edges.map(({ node }) => node.key).sort();
const byKey = (key: string) =>
  `{ configByKey(key: ${JSON.stringify(key)}) { key value isSecret } }`;

describe('D30: an execution', () => {
  it('knows itself, and acts as its launcher', async () => {
    const { as, id } = await running({ by: shared.w.ada, workflow: shared.w.work });
    const { data, errors } = await as(
      '{ viewer { principal { kind label userId } user { name } isPlatformAdmin execution { id attempt organizationId scopeId isPrivileged bypass } } }',
    );
    expect(errors).toEqual([]);
    expect(data.viewer).toEqual({
      principal: { kind: 'EXECUTION', label: `execution:${id}`, userId: shared.w.ada.id },
      user: { name: 'ada' },
      isPlatformAdmin: false,
      execution: {
        ...{ id, attempt: 1, organizationId: shared.w.a.id, scopeId: shared.w.project.id },
        ...{ isPrivileged: true, bypass: false },
      },
    });
  });

  it('reads the configs of its chain and the global ones, which its launcher may not', async () => {
    const { as } = await running({ by: shared.w.ada, workflow: shared.w.work });
    expect(keysOf((await as(CONFIGS)).data)).toEqual(['of a', 'of all', 'of project']);
    expect(keysOf((await shared.ask(shared.w.ada.email, CONFIGS)).data)).toEqual([]);
    expect((await as(byKey('aside'))).data).toEqual({ configByKey: null });
    // By id, along relations, by node and in counts it is the same.
    const { client } = shared.world;
    for (const { id, key } of await client.config.findMany()) {
      const one = await as(`{ config(id: "${id}") { key } node(id: "${id}") { id } }`);
      const isRead = ['of a', 'of all', 'of project'].includes(key);
      expect([key, one.data.config !== null, one.data.node !== null]).toEqual([
        key,
        isRead,
        isRead,
      ]);
    }
  });

  it('of an agent has no privilege', async () => {
    const { as } = await running({ by: shared.w.ada, agent: shared.w.helper });
    expect(keysOf((await as(CONFIGS)).data)).toEqual([]);
  });

  it('is cut by what its workflow is for', async () => {
    const source = '{ forms { totalCount } }';
    const { by, ...of } = { by: shared.w.editor, workflow: shared.w.capped };
    const { as } = await running({ by, ...of });
    expect((await as(source)).data).toEqual({ forms: { totalCount: 0 } });
    const { id } = await shared.world.row('config', shared.w.a, 'tuned');
    const input = { key: 'tuned', value: 'changed', type: 'STRING' };
    const set =
      'mutation ($input: SetConfigInput!) { setConfig(input: $input) { config { key } } }';
    expect((await as(set, { input })).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const { as: uncut } = await running({ by, workflow: shared.w.work });
    expect((await uncut(set, { input })).errors).toEqual([]);
    await shared.world.client.config.delete({ where: { id } });
  });

  it('carries its launcher’s bypass if its workflow is global, and then alone', async () => {
    const source = '{ forms(acrossOrganizations: true) { totalCount } }';
    const { root, work, shared: global, a, ada } = shared.w;
    const tenants = await running({ by: root, workflow: work });
    expect((await tenants.as(source)).errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
    // Nor does it reach what is beside the chain in the organization that it runs in.
    expect((await tenants.as('{ forms { totalCount } }')).data).toEqual({
      forms: { totalCount: 0 },
    });
    expect(keysOf((await tenants.as(CONFIGS)).data)).toEqual(['of a', 'of all', 'of project']);
    const platforms = await running({ by: root, workflow: global, at: a });
    expect((await platforms.as(source)).data.forms.totalCount).toBeGreaterThan(0);
    const others = await running({ by: ada, workflow: global, at: a });
    expect((await others.as(source)).errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
  });

  it('carries no bypass to a worker that works for one organization alone', async () => {
    const { root, shared: global, a } = shared.w;
    const key = await workerKey(shared.world, a);
    const { id } = await launched(shared.world, { by: root, workflow: global, at: a });
    const worker = workerOf(shared, key);
    const handed = (await worker.claim()).find((one) => one.id === id);
    if (handed === undefined) throw new Error('it was not claimed');
    const as = asking(shared, handed.token);
    const { data } = await as('{ viewer { isPlatformAdmin execution { bypass } } }');
    expect(data.viewer).toEqual({ isPlatformAdmin: false, execution: { bypass: false } });
    const everywhere = await as('{ forms(acrossOrganizations: true) { totalCount } }');
    expect(everywhere.errors[0]?.extensions.code).toBe('SCOPE_FORBIDDEN');
    const raise = `mutation ($id: ID!) { updateUser(input: { id: $id, isPlatformAdmin: true }) { user { id } } }`;
    expect((await as(raise, { id: shared.w.ada.id })).errors).not.toEqual([]);
    // A worker whose key is no more has nothing of it, either.
    await shared.world.client.apiKey.update({
      where: { id: key.id },
      data: { revokedAt: new Date() },
    });
    expect((await as('{ viewer { isPlatformAdmin } }')).status).toBe(401);
  });

  it('hands out no key, and a run of an agent launches nothing but its tools', async () => {
    const { ada, work, helper } = shared.w;
    const make = `mutation { createApiKey(input: { name: "kept", operations: ["config:read"] }) { apiKey { id } } }`;
    const { as } = await running({ by: ada, workflow: work });
    expect((await as(make)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const { as: run } = await running({ by: ada, agent: helper });
    const launch =
      'mutation ($id: ID!) { runWorkflow(input: { workflow: $id }) { execution { id } } }';
    expect((await run(launch, { id: work.id })).errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('is nobody once its lease, its launcher or an organization is over', async () => {
    const { client, ...world } = shared.world;
    void world;
    const who = '{ viewer { isPlatformAdmin } }';
    const refused = async (end: (run: Run, user: Identified) => Promise<unknown>) => {
      const user = await shared.world.user(shared.w.a, 'passing');
      const run = await running({ by: user, workflow: shared.w.work });
      expect((await run.as(who)).status).toBe(200);
      await end(run, user);
      const { status, errors } = await run.as(who);
      expect([status, errors[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    };
    await refused(({ id, leaseToken, worker }) => worker.complete({ id, leaseToken, result: 1 }));
    await refused(({ id, leaseToken, worker }) => worker.release({ id, leaseToken }));
    await refused(({ id }) =>
      client.execution.update({ where: { id }, data: { leaseExpiresAt: new Date(0) } }),
    );
    await refused((_run, { id }) =>
      client.user.update({ where: { id }, data: { isActive: false } }),
    );
    const { id, token } = await running({ by: shared.w.ada, workflow: shared.w.work });
    for (const forged of [
      token.replace('_1_', '_2_'),
      `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`,
    ]) {
      expect((await asking(shared, forged)(who)).status).toBe(401);
    }
    const { leaseHash } = await client.execution.findUniqueOrThrow({ where: { id } });
    const made = `hdx_${id.replaceAll('-', '')}_1_${Buffer.from(String(leaseHash), 'hex').toString('base64url')}`;
    expect((await asking(shared, made)(who)).status).toBe(401);
  });

  it('reads live: what its launcher lost is lost to it at the next call', async () => {
    const { world } = shared;
    const user = await world.manager(shared.w.a, ['user:read'], { name: 'watcher' });
    const { as } = await running({ by: user, workflow: shared.w.work });
    const count = async () => (await as('{ users { totalCount } }')).data.users.totalCount;
    expect(await count()).toBeGreaterThan(1);
    await world.client.membership.deleteMany({ where: { userId: user.id } });
    expect(await count()).toBe(0);
  });
});

describe('D33: what an execution launches', () => {
  it('is its child, for who launched it and where it runs, whatever launches it', async () => {
    const { ada, work, a } = shared.w;
    const form = await shared.world.row('form', a, 'asks', { more: { workflowId: work.id } });
    const { as, id } = await running({ by: ada, workflow: work });
    const child = '{ execution { id trigger depth parent { id } root { id } } }';
    const run = await as(`mutation { runWorkflow(input: { workflow: "${work.id}" }) ${child} }`);
    const sent = await as(
      `mutation { submitForm(input: { form: "${form.id}", values: {} }) ${child} }`,
    );
    expect([run.errors, sent.errors]).toEqual([[], []]);
    for (const { execution } of [run.data.runWorkflow, sent.data.submitForm]) {
      expect(execution).toMatchObject({
        depth: 1,
        parent: { id },
        root: { id },
      });
      const row = await shared.world.client.execution.findUnique({ where: { id: execution.id } });
      expect(row).toMatchObject({
        launcherKind: 'USER',
        createdById: ada.id,
        organizationId: a.id,
      });
    }
  });
});

describe('D17, D31: a secret', () => {
  it('is told to executions that look it up where they run, and left out of all that they say', async () => {
    const { project, aside, ada, work } = shared.w;
    await seal(project, 'token', SECRET);
    const other = await seal(aside, 'other', 'another secret of some length');
    const { as, worker, id, leaseToken } = await running({ by: ada, workflow: work });
    expect((await as(byKey('token'))).data.configByKey).toEqual({
      key: 'token',
      value: SECRET,
      isSecret: true,
    });
    // Neither a list nor whoever launched it is told, nor is what is not in the chain.
    expect(JSON.stringify((await as(CONFIGS)).data)).not.toContain(SECRET);
    expect((await as(`{ config(id: "${other.id}") { value } }`)).data).toEqual({ config: null });
    // What its launcher may read besides is told as to them: sealed.
    const editors = await running({ by: shared.w.editor, workflow: work });
    const beside = await editors.as(`{ config(id: "${other.id}") { key value } }`);
    expect(beside.data).toEqual({ config: { key: 'other', value: null } });
    const inspector = await shared.world.manager(shared.w.a, [
      'config:read',
      'execution:read',
      'execution:inspect',
    ]);
    expect(
      (
        await shared.ask(
          inspector.email,
          `{ configByKey(key: "token", scope: "${project.id}") { value } }`,
        )
      ).data.configByKey.value,
    ).toBeNull();
    const lines = [
      {
        seq: 0,
        level: 'ERROR',
        message: `with ${SECRET}!`,
        data: { [SECRET]: [SECRET] },
        at: '2026-11-26T00:00:00Z',
      },
    ];
    await worker.log({ id, leaseToken, lines });
    await worker.heartbeat({ executions: [{ id, leaseToken, progress: SECRET }] });
    const done = await worker.complete({
      id,
      leaseToken,
      result: { said: `it is ${SECRET}`, n: 1 },
    });
    expect(done.answer.status).toBe('SUCCEEDED');
    const { client } = shared.world;
    const kept = await client.execution.findUniqueOrThrow({
      where: { id },
      include: { logs: true },
    });
    expect(kept.result).toEqual({ said: 'it is ***', n: 1 });
    expect(JSON.stringify(kept)).not.toContain(SECRET);
    expect(kept.logs).toHaveLength(1);
    const seen = await shared.ask(
      inspector.email,
      `{ execution(id: "${id}") { result progress } }`,
    );
    expect(seen.data.execution).toEqual({ result: { said: 'it is ***', n: 1 }, progress: '***' });
  });

  it('is recorded once for each execution that is told it, as told to its launcher', async () => {
    const { project, ada, work } = shared.w;
    const { id: resourceId } = await seal(project, 'recorded', SECRET);
    const { as } = await running({ by: ada, workflow: work });
    await as(byKey('recorded'));
    await as(byKey('recorded'));
    const entries = () => shared.world.client.auditEntry.findMany({ where: { resourceId } });
    expect(await entries()).toMatchObject([
      { action: 'config:reveal', outcome: 'PERMITTED', reason: 'read by an execution' },
    ]);
    const other = await running({ by: ada, workflow: work });
    await other.as(byKey('recorded'));
    expect(await entries()).toHaveLength(2);
    expect(JSON.stringify(await entries())).not.toContain(SECRET);
  });

  it('that is revealed to an execution is recorded, and left out of what it says', async () => {
    const { a, aside, work } = shared.w;
    const said = 'revealed, and long enough';
    const { id: resourceId } = await seal(aside, 'revealed', said);
    const revealer = await shared.world.manager(a, ['config:read', 'config:reveal']);
    const { as, worker, id, leaseToken } = await running({ by: revealer, workflow: work });
    const told = await as(
      `mutation { revealConfig(input: { id: "${resourceId}", reason: "it needs it" }) { value } }`,
    );
    expect(told.data.revealConfig).toEqual({ value: said });
    const lines = [{ seq: 0, level: 'INFO', message: said, at: '2026-11-26T00:00:00Z' }];
    await worker.log({ id, leaseToken, lines });
    await worker.complete({ id, leaseToken, result: [said] });
    const { client } = shared.world;
    const kept = await client.execution.findUniqueOrThrow({
      where: { id },
      include: { logs: true },
    });
    expect(kept.result).toEqual(['***']);
    expect(kept.logs).toMatchObject([{ message: '***' }]);
    expect(await client.auditEntry.findMany({ where: { resourceId } })).toMatchObject([
      { action: 'config:reveal', reason: 'it needs it' },
    ]);
  });

  it('that is a word of the protocol breaks nothing, and neither does one of any size', async () => {
    const { project, ada, work } = shared.w;
    const words = ['SUCCEEDED', 'FAILED', 'status', 'result', 'message', 'detail', '2026-11-26'];
    const large = Array.from({ length: 450 }, (_, n) => `line ${n} (of) ${'x'.repeat(120)}`);
    await seal(project, 'words', [...words, 'AKIA_EXAMPLE']);
    await seal(project, 'large', large.join('\n'));
    const { client } = shared.world;
    const ends = async (name: 'complete' | 'fail', said: object) => {
      const { as, worker, id, leaseToken } = await running({ by: ada, workflow: work });
      for (const key of ['words', 'large']) await as(byKey(key));
      const line = { level: 'ERROR', message: `a message ${large[449]}` };
      const lines = [{ seq: 2_026, ...line, data: { status: 1 }, at: '2026-11-26T00:00:00Z' }];
      expect((await worker.log({ id, leaseToken, lines })).answer.kept).toBe(1);
      await worker.heartbeat({ executions: [{ id, leaseToken, progress: { result: 1 } }] });
      const first = await worker[name]({ id, leaseToken, ...said });
      expect((await worker[name]({ id, leaseToken, ...said })).answer).toEqual(first.answer);
      const found = await client.execution.findUniqueOrThrow({
        where: { id },
        include: { logs: true },
      });
      expect(found.progress).toEqual({ '***': 1 });
      expect(found.logs).toMatchObject([
        { seq: 2_026, level: 'ERROR', message: 'a *** ***', data: { '***': 1 } },
      ]);
      return found;
    };
    expect(await ends('complete', { result: { status: large[7] } })).toMatchObject({
      ...{ status: 'SUCCEEDED', result: { '***': '***' } },
    });
    const failure = { message: 'FAILED', detail: ['detail'], retryable: false };
    expect(await ends('fail', { ...failure, code: 'AKIA_EXAMPLE' })).toMatchObject({
      ...{ status: 'FAILED', errorMessage: '***', errorDetail: ['***'], errorCode: '***' },
    });
  });
});

describe('D33: a claim decides again', () => {
  it.each<[string, (made: { user: Identified; workflow: Identified }) => Promise<unknown>]>([
    [
      'who launched it is not active',
      ({ user }) =>
        shared.world.client.user.update({ where: { id: user.id }, data: { isActive: false } }),
    ],
    [
      'the workflow is not active',
      ({ workflow }) =>
        shared.world.client.workflow.update({
          where: { id: workflow.id },
          data: { isActive: false },
        }),
    ],
    [
      'the workflow is not theirs any more',
      ({ workflow }) =>
        shared.world.client.workflow.update({
          where: { id: workflow.id },
          data: { accessLevel: 'ROLE_BASED' },
        }),
    ],
  ])('and denies it where %s', async (_what, end) => {
    const { world, w } = shared;
    const user = await world.user(w.a, 'launcher');
    const workflow = await world.row('workflow', w.project, `denied ${user.id}`);
    const { id } = await launched(world, { by: user, workflow, at: w.project });
    await end({ user, workflow });
    expect((await workerOf(shared, w.key).claim()).map((one) => one.id)).not.toContain(id);
    const kept = await world.client.execution.findUniqueOrThrow({ where: { id } });
    expect(kept).toMatchObject({ status: 'DENIED', movedBy: 'claim', attempt: 0 });
    // Why, inspectors are told, and nobody else.
    const source = `{ execution(id: "${id}") { status reason } }`;
    const inspector = await world.manager(w.a, ['execution:read', 'execution:inspect']);
    const reader = await world.manager(w.a, ['execution:read']);
    expect((await shared.ask(inspector.email, source)).data.execution.reason).toMatch(/launcher/);
    expect((await shared.ask(reader.email, source)).data.execution).toEqual({
      status: 'DENIED',
      reason: null,
    });
    const entry = await world.client.auditEntry.findFirst({ where: { resourceId: id } });
    expect(entry).toMatchObject({ action: 'execution:claim', outcome: 'DENIED' });
    expect(entry?.reason).not.toMatch(/launcher/);
  });

  it('and lets nobody work whom no platform admin made a worker', async () => {
    const { world, w } = shared;
    const admin = await world.manager(w.a, [
      'execution:work',
      'role:read',
      'role:update',
      'role:create',
      'role:assign',
      'permission:read',
      'membership:create',
      'scope:read',
      'apiKey:read',
    ]);
    const role = await world.role(w.a, ['execution:work'], { name: 'would be workers' });
    const key = await world.key(w.a, 'API_KEY', { operations: ['execution:work'] });
    const input = { scope: w.a.id, apiKey: key.id, roles: [role.id] };
    const source =
      'mutation ($input: CreateMembershipInput!) { createMembership(input: $input) { membership { id } } }';
    const refused = await shared.ask(admin.email, source, { input });
    expect(refused.errors[0]?.extensions.code).toBe('FORBIDDEN');
    const made = await shared.ask(w.root.email, source, { input });
    expect(made.errors).toEqual([]);
  });
});
