import { describe, expect, it } from 'vitest';
import { MOST_MESSAGES } from '../../src/execution/conversations/said.js';
import { nodesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import { mutate } from '../support/mutate.js';
import { asking, type Handed, workerKey, workerOf } from '../support/working.js';
import { PLATFORM } from '../support/world.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const b = await world.organization('B');
  const x = await world.role(a, [], { name: 'x' });
  const bound = { access: 'ROLE_BASED', roles: [x] };
  const tool = await world.row('workflow', a, 'tool');
  const forX = await world.row('workflow', a, 'for x', bound);
  const noTool = await world.row('workflow', a, 'no tool');
  const global = await world.row('workflow', PLATFORM, 'global');
  const agent = await world.row('agent', a, 'agent', bound);
  const open = await world.row('agent', PLATFORM, 'open');
  const secret = await world.row('agent', a, 'secret', { access: 'PRIVATE' });
  const specialist = await world.row('agent', a, 'specialist', bound);
  const stranger = await world.row('agent', a, 'stranger');
  const tools = [tool, forX, global].map(({ id }) => ({ agentId: agent.id, workflowId: id }));
  await world.client.agentTool.createMany({ data: tools });
  await world.client.agentDelegate.createMany({
    data: [
      { agentId: agent.id, delegateId: secret.id },
      { agentId: agent.id, delegateId: specialist.id },
      { agentId: secret.id, delegateId: agent.id },
    ],
  });
  const user = await world.user(a, 'user');
  await world.hold(user, x, a);
  const other = await world.user(a, 'other');
  const auditor = await world.manager(a, ['conversation:inspect']);
  const worker = await workerKey(world, a);
  const userKey = await world.key(a, 'API_KEY', { owner: user, operations: ['workflow:use'] });
  return {
    ...{ a, b, x, tool, forX, noTool, global, agent, open, secret, specialist, stranger },
    ...{ user, other, auditor, worker, userKey },
  };
});

const begin = async (who: 'user' | 'other', agent: { readonly id: string }) => {
  const input = { agent: agent.id, title: 'talk' };
  return mutate(shared, shared.w[who].email, 'createConversation', input, 'conversation { id }');
};
const begun = async (agent = shared.w.agent): Promise<string> =>
  (await begin('user', agent)).answer.conversation.id;

const send = (who: 'user' | 'other' | 'auditor', conversation: string, content = 'hello') =>
  mutate(
    shared,
    shared.w[who].email,
    'sendMessage',
    { conversation, content },
    'message { id seq execution { id status kind } }',
  );

/** The scripted stand-in for a model: claims the run, and calls with its token. */
async function running(conversation: string, content = 'hello') {
  const { answer, message } = await send('user', conversation, content);
  expect(message).toBeUndefined();
  return claimed(answer.message.execution.id);
}

async function claimed(id: string) {
  const worker = workerOf(shared, shared.w.worker);
  const all = await worker.claim({ queues: ['agents', 'default'] });
  const run = all.find((one) => one.id === id) as Handed;
  expect(run).toBeDefined();
  const ask = asking(shared, run.token);
  const call = async (name: string, input: object, selection: string) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { data, errors } = await ask(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`,
      { input },
    );
    return { answer: data?.[name], code: errors[0]?.extensions.code };
  };
  return {
    run,
    ask,
    callTool: (workflow: string, input: object = {}) =>
      call('callTool', { workflow, input }, 'execution { id status depth parent { id } }'),
    delegate: (agent: string) =>
      call('delegate', { agent, task: 'do it' }, 'execution { id depth }'),
    append: (role: string, content: string, toolCall?: object) =>
      call('appendMessage', { role, content, toolCall }, 'message { id }'),
    done: () => worker.complete({ id: run.id, leaseToken: run.leaseToken, result: {} }),
  };
}

describe('D35: a conversation is its creator’s alone', () => {
  it('from its first message to the answer', async () => {
    const id = await begun();
    const first = await running(id, 'how are you?');
    expect(first.run.input).toEqual({ message: 'how are you?', history: [] });
    const tools = first.run.agent.tools.map(({ name }: { name: string }) => name).sort();
    expect(tools).toEqual(['for x', 'global', 'tool']);
    expect((await first.append('ASSISTANT', 'let me see', { tool: 'tool' })).code).toBeUndefined();
    expect((await first.append('TOOL', '42')).code).toBeUndefined();
    expect((await first.append('USER', 'as if a person said it')).code).toBe('BAD_USER_INPUT');
    expect((await first.append('ASSISTANT', '')).code).toBe('BAD_USER_INPUT');
    await first.done();
    expect((await first.append('ASSISTANT', 'too late')).code).toBe('UNAUTHENTICATED');
    const second = await running(id, 'thanks');
    expect((second.run.input as { history: unknown[] }).history).toMatchObject([
      { role: 'USER', content: 'how are you?' },
      { role: 'ASSISTANT', toolCall: { tool: 'tool' } },
      { role: 'TOOL', content: '42' },
    ]);
    await second.done();
    const source = `query ($id: ID!) { conversation(id: $id) { title messages(orderBy: [{ field: SEQ }]) { edges { node { seq role content } } } } }`;
    const { data } = await shared.ask(shared.w.user.email, source, { id });
    expect(nodesOf<{ seq: number }>(data.conversation.messages).map(({ seq }) => seq)).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('and nobody else reads it or speaks in it: other people, keys for less, admins, runs', async () => {
    const { w, world } = shared;
    const id = await begun();
    const source = 'query ($id: ID!) { conversation(id: $id) { id } conversations { totalCount } }';
    const admin = await world.user(w.a, 'admin', { isPlatformAdmin: true });
    for (const { email } of [w.other, w.auditor, admin]) {
      const { data } = await shared.ask(email, source, { id });
      expect(data).toEqual({ conversation: null, conversations: { totalCount: 0 } });
      const sent = await mutate(
        shared,
        email,
        'sendMessage',
        { conversation: id, content: 'x' },
        'message { id }',
      );
      expect(sent.code).toBe('NOT_FOUND');
    }
    const byKey = await shared.ask(null, source, { id }, { 'x-api-key': w.userKey.value });
    expect(byKey.data.conversation).toBeNull();
    const { ask, done } = await running(id);
    expect((await ask(source, { id })).data.conversation).toBeNull();
    await done();
  });

  it('but for who inspects it, which is recorded with the reason', async () => {
    const { w, world } = shared;
    const id = await begun();
    await (await running(id, 'secret words')).done();
    const inspect = (who: string) =>
      mutate(
        shared,
        who,
        'inspectConversation',
        { id, reason: 'a complaint' },
        'messages conversation { id }',
      );
    expect((await inspect(w.auditor.email)).answer).toMatchObject({
      messages: [{ role: 'USER', content: 'secret words' }],
      conversation: null,
    });
    expect((await inspect(w.other.email)).code).toBe('NOT_FOUND');
    const entries = await world.client.auditEntry.findMany({
      where: { resourceId: id, action: 'conversation:inspect' },
    });
    expect(entries.map(({ outcome, reason }) => [outcome, reason])).toContainEqual([
      'PERMITTED',
      'a complaint',
    ]);
    expect(JSON.stringify(entries)).not.toContain('secret words');
  });

  it('nor by the input of its runs, which inspectors of executions see of all others', async () => {
    const { w, world } = shared;
    const inspector = await world.manager(w.a, ['execution:read', 'execution:inspect']);
    const { run, callTool, done } = await running(await begun(), 'whispered');
    const tool = await callTool(w.tool.id, { n: 1 });
    await done();
    const own = run.input as object;
    const input = 'id input';
    // With and without what is answered by resolvers anyhow, by every way that leads to it.
    for (const more of ['', 'reason status']) {
      const source = `query ($id: ID!) {
        execution(id: $id) { ${input} ${more} children { edges { node { ${input} parent { ${input} } } } } }
        node(id: $id) { ... on Execution { ${input} ${more} } }
        executions(first: 100) { edges { node { ${input} ${more} canManage } } } }`;
      const seen = async (email: string) => {
        const answer = await shared.ask(email, source, { id: run.id });
        const { execution, node, executions } = answer.data;
        const [child] = nodesOf<{ id: string; input: unknown; parent: object }>(execution.children);
        const all = nodesOf<{ id: string; input: unknown }>(executions);
        const listed = all.find(({ id }) => id === run.id);
        expect(child).toMatchObject({ id: tool.answer.execution.id, input: { n: 1 } });
        const shown = [execution, node, child?.parent, listed] as { input: unknown }[];
        return { inputs: shown.map((one) => one.input), answer };
      };
      const launcher = await seen(w.user.email);
      expect(launcher.inputs).toEqual([own, own, own, own]);
      const others = await seen(inspector.email);
      expect(others.inputs).toEqual([null, null, null, null]);
      expect(JSON.stringify(others.answer)).not.toContain('whispered');
      expect(others.answer.withheld).toContain('Execution.input');
    }
    const alone = `query ($id: ID!) { execution(id: $id) { input } }`;
    for (const [email, expected] of [
      [w.user.email, own],
      [inspector.email, null],
    ] as const) {
      const { data } = await shared.ask(email, alone, { id: run.id });
      expect(data.execution).toEqual({ input: expected });
    }
  });
});

describe('D6: the name of a private agent', () => {
  it('is not told by its runs, but to who may read it', async () => {
    const { w, world } = shared;
    const reader = await world.manager(w.a, ['execution:read', 'agent:read']);
    const inspector = await world.manager(w.a, ['execution:read', 'execution:inspect']);
    const first = await running(await begun());
    const delegated = await first.delegate(w.secret.id);
    const called = await first.callTool(w.tool.id);
    await first.done();
    const [run, tool] = [delegated, called].map(({ answer }) => answer.execution.id);
    const source = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Execution { targetName } } }';
    const names = async (email: string) => {
      const { data } = await shared.ask(email, source, { ids: [first.run.id, run, tool] });
      return data.nodes.map((one: { targetName: string | null }) => one.targetName);
    };
    expect(await names(w.user.email)).toEqual(['agent', null, 'tool']);
    expect(await names(reader.email)).toEqual(['agent', 'secret', 'tool']);
    expect(await names(inspector.email)).toEqual([null, null, 'tool']);
    const listed = await shared.ask(
      w.user.email,
      '{ executions(first: 100) { edges { node { id targetName } } } }',
    );
    expect(nodesOf(listed.data.executions)).toContainEqual({ id: run, targetName: null });
  });

  it('is not in the record of its runs, whoever launched them (D44)', async () => {
    const { w, world } = shared;
    await world.hold(w.user, await world.role(w.a, ['audit:read']), w.a);
    const first = await running(await begun());
    await first.delegate(w.secret.id);
    await first.done();
    const { data } = await shared.ask(
      w.user.email,
      '{ auditEntries(first: 100, where: { resourceType: { eq: "execution" } }) { edges { node { before after } } } }',
    );
    const told = nodesOf(data.auditEntries) as { after: Record<string, unknown> | null }[];
    const runs = told.filter(({ after }) => after?.agentId === w.secret.id);
    expect(runs.length).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toContain('"secret"');
  });

  it('is nothing that runs are found or sorted by', async () => {
    for (const args of [
      'where: { targetName: { startsWith: "s" } }',
      'orderBy: [{ field: TARGET_NAME }]',
    ]) {
      const source = `{ executions(${args}) { totalCount } }`;
      const { data, errors } = await shared.ask(shared.w.user.email, source);
      expect([data ?? null, errors.length > 0]).toEqual([null, true]);
    }
  });
});

describe('D33: every message and every call is decided anew', () => {
  it('no message once the agent may not be used any more, and none to a private one', async () => {
    const { w, world } = shared;
    expect((await begin('user', w.secret)).code).toBe('NOT_FOUND');
    expect((await begin('other', w.agent)).code).toBe('NOT_FOUND');
    const id = await begun();
    const held = await world.client.roleAssignment.findFirstOrThrow({
      where: { roleId: w.x.id, membership: { userId: w.user.id } },
    });
    await world.client.roleAssignment.deleteMany({
      where: { membershipId: held.membershipId, roleId: w.x.id },
    });
    expect((await send('user', id)).code).toBe('NOT_FOUND');
    await world.client.roleAssignment.create({ data: held });
    expect((await send('user', id)).code).toBeUndefined();
    await world.client.agent.update({
      where: { id: w.agent.id },
      data: { accessLevel: 'PRIVATE' },
    });
    const again = await begun(w.open);
    expect((await send('user', id)).code).toBe('NOT_FOUND');
    expect((await send('user', again)).code).toBeUndefined();
    await world.client.agent.update({
      where: { id: w.agent.id },
      data: { accessLevel: 'ROLE_BASED' },
    });
  });

  it('one run of a conversation at a time', async () => {
    const id = await begun();
    const both = await Promise.all([send('user', id, 'one'), send('user', id, 'two')]);
    expect(both.map(({ code }) => code).sort()).toEqual(['CONFLICT', undefined]);
    expect(await send('user', id)).toMatchObject({
      code: 'CONFLICT',
      message: 'the agent has not answered yet',
    });
  });

  it('tools: the edge, and the workflow’s own access level for the launcher', async () => {
    const { w, world } = shared;
    const id = await begun();
    const { run, callTool, done, ask } = await running(id);
    const called = await callTool(w.tool.id, { n: 1 });
    expect(called.answer.execution).toMatchObject({
      status: 'QUEUED',
      depth: 1,
      parent: { id: run.id },
    });
    const child = await world.client.execution.findUniqueOrThrow({
      where: { id: called.answer.execution.id },
    });
    expect(child).toMatchObject({ trigger: 'AGENT', createdById: w.user.id, rootId: run.id });
    // D33: whatever tier the workflow lives in.
    const global = await callTool(w.global.id);
    const elsewhere = await world.client.execution.findUniqueOrThrow({
      where: { id: global.answer.execution.id },
    });
    expect(elsewhere).toMatchObject({ organizationId: w.a.id, scopeId: w.a.scopeId });
    for (const none of [w.noTool.id, w.agent.id, 'nothing']) {
      expect([none, (await callTool(none)).code]).toEqual([none, 'FORBIDDEN']);
    }
    expect((await callTool(w.forX.id)).code).toBeUndefined();
    await world.client.workflow.update({ where: { id: w.forX.id }, data: { isActive: false } });
    expect((await callTool(w.forX.id)).code).toBe('FORBIDDEN');
    await world.client.workflow.update({ where: { id: w.forX.id }, data: { isActive: true } });
    await world.client.agentTool.deleteMany({
      where: { agentId: w.agent.id, workflowId: w.tool.id },
    });
    expect((await callTool(w.tool.id)).code).toBe('FORBIDDEN');
    await world.client.agentTool.create({ data: { agentId: w.agent.id, workflowId: w.tool.id } });
    await done();
    expect((await ask('{ viewer { principal { kind } } }')).errors[0]?.extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });

  it('delegates: a private one by its edge, nobody twice on the way, and no stranger', async () => {
    const { w, world } = shared;
    const first = await running(await begun());
    expect((await first.delegate(w.stranger.id)).code).toBe('FORBIDDEN');
    expect((await first.delegate(w.specialist.id)).code).toBeUndefined();
    const delegated = await first.delegate(w.secret.id);
    expect(delegated.code).toBeUndefined();
    const second = await claimed(delegated.answer.execution.id);
    expect(second.run.input).toEqual({ task: 'do it' });
    // It is on the way already.
    expect((await second.delegate(w.agent.id)).code).toBe('FORBIDDEN');
    // What delegates speak is no part of the conversation.
    expect((await second.append('ASSISTANT', 'hello')).code).toBe('CONFLICT');
    await world.client.agent.update({ where: { id: w.secret.id }, data: { isActive: false } });
    expect((await first.delegate(w.secret.id)).code).toBe('FORBIDDEN');
    await world.client.agent.update({ where: { id: w.secret.id }, data: { isActive: true } });
  });

  it('by the token of a run alone', async () => {
    const { w } = shared;
    for (const [name, input] of [
      ['callTool', { workflow: w.tool.id }],
      ['delegate', { agent: w.secret.id, task: 'x' }],
    ] as const) {
      const { code } = await mutate(shared, w.user.email, name, input, 'execution { id }');
      expect([name, code]).toEqual([name, 'FORBIDDEN']);
    }
    const said = { role: 'ASSISTANT', content: 'x' };
    const { code } = await mutate(shared, w.user.email, 'appendMessage', said, 'message { id }');
    expect(code).toBe('FORBIDDEN');
  });
});

describe('D35: a conversation', () => {
  it('has an end: no more is said in it than 10,000 messages', async () => {
    const conversation = await begun();
    await shared.world.client.message.create({
      data: { conversationId: conversation, seq: MOST_MESSAGES - 1, role: 'USER', content: 'x' },
    });
    const run = await running(conversation);
    const { code } = await run.append('ASSISTANT', 'y');
    expect(code).toBe('LIMIT_EXCEEDED');
    await run.done();
  });
});
