import { expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

/** An ordinary member with three agents to see: what is asked costs by itself, not by rows. */
const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const me = await world.user(a, 'me');
  await world.hold(me, SYSTEM.Member, a);
  const agents: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const { id: agentId } = await world.row('agent', a, `agent ${n}`);
    const { id: workflowId } = await world.row('workflow', a, `workflow ${n}`);
    await world.client.agentTool.create({ data: { agentId, workflowId } });
    agents.push(agentId);
  }
  return { me, agents };
});

const tool = (text: string) => `{ tools: { some: { name: { contains: "${text}" } } } }`;
const list = (where: string) => `agents(where: ${where}) { totalCount edges { node { id } } }`;
const tools = (count: number) => Array.from({ length: count }, (_, n) => tool(`w${n}`)).join(' ');

const REFUSED = 'the filters of a request take at most 32 relations';

/** The answer, and the statements that ask for agents. */
async function asked(selection: string, variables = {}) {
  let answer: Awaited<ReturnType<typeof shared.ask>> | undefined;
  const source = selection.startsWith('query') ? selection : `{ ${selection} }`;
  const sent = await shared.statements(async () => {
    answer = await shared.ask(shared.w.me.email, source, variables);
  });
  if (answer === undefined) throw new Error('nothing was asked');
  return { ...answer, statements: sent.filter((text) => /"(agent_tool|form)"/.test(text)) };
}

it.each([
  ['12 in one list', list(`{ and: [${tools(12)}] }`)],
  ['16 in one list', list(`{ and: [${tools(16)}] }`)],
  ['20 in one list', list(`{ or: [${tools(20)}] }`)],
  [
    '12 in one another',
    list(`{ not: { and: [{ or: [${tools(6)}] } { not: { or: [${tools(6)}] } }] } }`),
  ],
  ['12 without rows', list(`{ and: [${tools(12).replaceAll('some', 'none')}] }`)],
  ['12 of every row', list(`{ and: [${tools(12).replaceAll('some', 'every')}] }`)],
  [
    '33 to one row',
    `forms(where: { and: [${'{ workflow: { isNull: true } } '.repeat(33)}] }) { totalCount }`,
  ],
])('10.2 tests of related rows, %s, are refused before any statement', async (_, selection) => {
  const { errors, statements } = await asked(selection);
  expect(errors.map(({ message }) => message)).toEqual([REFUSED]);
  expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(statements).toHaveLength(0);
});

it('10.2 aliases, orders and counts share what a request may ask', async () => {
  const fields = Array.from({ length: 12 }, (_, n) => `a${n}: ${list('$where')}`);
  const where = { tools: { some: { name: { contains: 'w' } } } };
  const { errors, statements } = await asked(
    `query ($where: AgentFilter) { ${fields.join(' ')} }`,
    { where },
  );
  expect(new Set(errors.map(({ message }) => message))).toEqual(new Set([REFUSED]));
  // Eight of them are as much as one list may ask, each by two statements for rows and two to count.
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.length).toBeLessThanOrEqual(8 * 4);
});

it('10.2 a filter of several statements counts once', async () => {
  const { data, errors } = await asked(list(`{ and: [${tools(8)}] }`));
  expect(errors).toEqual([]);
  expect(data.agents.totalCount).toBe(0);
});

it('10.2 five tests work, and are planned one by one', async () => {
  const { data, errors, statements } = await asked(
    list(`{ and: [${tool('workflow').repeat(5)}] }`),
  );
  expect(errors).toEqual([]);
  expect(data.agents.totalCount).toBe(3);
  for (const text of statements) expect(text.match(/ OR 1=0\)/g)).toHaveLength(5);
});

it('10.2 two tests are joined as ever', async () => {
  const { statements } = await asked(list(`{ and: [${tools(2)}] }`));
  for (const text of statements) expect(text).not.toContain('1=0');
});

it('10.2 the searches of a request are counted together', async () => {
  const where = (count: number) =>
    `{ or: [${Array.from({ length: count }, (_, n) => `{ name: { contains: "${n}" } }`).join(' ')}] }`;
  expect((await asked(list(where(20)))).errors).toEqual([]);
  const { errors } = await asked(`a: ${list(where(11))} b: ${list(where(10))}`);
  expect(errors.map(({ message }) => message)).toEqual([
    'the filters of a request take at most 20 searches',
  ]);
});
