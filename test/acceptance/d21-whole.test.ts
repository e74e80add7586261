import { describe, expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

const PEOPLE = ['user', 'team'].flatMap((type) =>
  ['read', 'create', 'update', 'delete'].map((action) => `${type}:${action}`),
);
const FORMS = ['read', 'update', 'delete'].map((action) => `form:${action}`);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const owner = await world.user(a, 'owner');
  await world.hold(owner, SYSTEM.Owner, a);
  const admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  const walled = await world.organization('Walled');
  const landlord = await world.user(walled, 'landlord');
  await world.hold(landlord, SYSTEM.Owner, walled);
  const vault = await world.scope(walled, 'Vault', await world.scopeType(walled, 'DEFINE'));
  await world.row('form', vault, 'secret');
  const open = await world.organization('Open');
  const host = await world.user(open, 'host');
  await world.hold(host, SYSTEM.Owner, open);
  await world.row('form', open, 'form');
  // Who keeps people and holds nothing else, and a teammate of whoever joins.
  const clerk = await world.manager(a, PEOPLE);
  const lead = await world.manager(a, FORMS, { dataAccess: 'TEAM_DATA' });
  const team = await world.team(a, owner, [lead]);
  const keyholders = await world.team(a, owner, []);
  const key = await world.role(a, [], { name: 'key' });
  await world.hold({ team: keyholders }, key, a);
  const joe = await world.user(a, 'joe');
  const mine = await world.row('form', a, 'mine', { by: joe, access: 'ROLE_BASED' });
  // An agent with a tool that its editor does not see.
  const editor = await world.manager(a, ['agent:read', 'agent:update', 'audit:read']);
  const seen = await world.row('workflow', a, 'seen');
  const unseen = await world.row('workflow', a, 'unseen', { access: 'ROLE_BASED' });
  const more = await world.row('workflow', a, 'more');
  const tools = { create: [seen, unseen].map(({ id }) => ({ workflowId: id })) };
  const agent = await world.row('agent', a, 'agent', { more: { tools } });
  return {
    a,
    owner,
    admin,
    walled,
    landlord,
    open,
    host,
    clerk,
    lead,
    team,
    keyholders,
    joe,
    mine,
    editor,
    seen,
    unseen,
    more,
    agent,
  };
});

type Who = 'owner' | 'admin' | 'landlord' | 'host' | 'clerk' | 'lead' | 'editor';

async function write(who: Who, name: string, input: object, selection: string) {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await shared.ask(
    shared.w[who].email,
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
    { input },
  );
  return { answer: data?.[name] ?? null, code: errors[0]?.extensions.code };
}

describe('D21: an organization is deleted by who may delete all of it', () => {
  it('and not by its owner where something is behind a boundary', async () => {
    const { walled } = shared.w;
    const refused = await write('landlord', 'deleteOrganization', { id: walled.id }, 'deletedId');
    expect(refused.code).toBe('FORBIDDEN');
    expect(await shared.world.client.form.count({ where: { organizationId: walled.id } })).toBe(1);
  });

  it('but by its owner where nothing is', async () => {
    const { open } = shared.w;
    const done = await write('host', 'deleteOrganization', { id: open.id }, 'deletedId');
    expect(done).toEqual({ answer: { deletedId: open.id }, code: undefined });
  });
});

describe('teams', () => {
  it('are made, by and for whom they are', async () => {
    const { answer } = await write(
      'clerk',
      'createTeam',
      { name: 'new' },
      'team { name createdBy { id } }',
    );
    expect(answer.team).toEqual({ name: 'new', createdBy: { id: shared.w.clerk.id } });
  });

  it('D21: hand out no role that who adds somebody neither holds nor assigns', async () => {
    const { joe, keyholders } = shared.w;
    const input = { id: keyholders.id, users: [joe.id] };
    expect(await write('clerk', 'addTeamMembers', input, 'team { id }')).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await write('owner', 'addTeamMembers', input, 'team { id }')).code).toBeUndefined();
  });

  it('D21: bring nobody’s rows within the reach of teammates but by who holds as much', async () => {
    const { joe, team, mine } = shared.w;
    const change = () =>
      write('lead', 'updateForm', { id: mine.id, description: 'x' }, 'form { id }');
    expect((await change()).code).toBe('NOT_FOUND');
    const input = { id: team.id, users: [joe.id] };
    const refused = await write('clerk', 'addTeamMembers', input, 'team { id }');
    expect(refused.code).toBe('FORBIDDEN');
    expect((await change()).code).toBe('NOT_FOUND');
    expect((await write('owner', 'addTeamMembers', input, 'team { id }')).code).toBeUndefined();
    expect((await change()).code).toBeUndefined();
  });
});

describe('what a row is linked with', () => {
  it('stays where who changes it does not see it, and the record says what became of the rest', async () => {
    const { agent, seen, unseen, more } = shared.w;
    const input = { id: agent.id, tools: [more.id] };
    const done = await write(
      'editor',
      'updateAgent',
      input,
      'agent { tools { edges { node { name } } } }',
    );
    expect(done.answer.agent.tools.edges).toEqual([{ node: { name: 'more' } }]);
    const rows = await shared.world.client.agentTool.findMany({ where: { agentId: agent.id } });
    expect(rows.map(({ workflowId }) => workflowId).sort()).toEqual([unseen.id, more.id].sort());
    const entry = await shared.world.client.auditEntry.findFirst({
      where: { resourceId: agent.id },
      orderBy: { id: 'desc' },
    });
    expect(entry?.before).toMatchObject({ tools: [seen.id] });
    expect(entry?.after).toMatchObject({ tools: [more.id] });
  });

  it('is at most a batch of others', async () => {
    const input = { id: shared.w.agent.id, tools: Array(501).fill(shared.w.seen.id) };
    expect((await write('editor', 'updateAgent', input, 'agent { id }')).code).toBe(
      'BAD_USER_INPUT',
    );
  });
});
