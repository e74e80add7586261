import { expect, it } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const AGENTS = 6;

// What a document may ask for is bounded before anything is read; here only what is answered is.
const LIMITS = { depth: 60, cost: 999_999_999 };

/** Agents that all delegate to each other, which nothing forbids: each level has five times as many. */
const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const me = await world.user(a, 'me');
  const ids: string[] = [];
  for (let n = 0; n < AGENTS; n += 1) ids.push((await world.row('agent', a, `agent ${n}`)).id);
  const others = (agentId: string) => ids.filter((id) => id !== agentId);
  await world.client.agentDelegate.createMany({
    data: ids.flatMap((agentId) => others(agentId).map((delegateId) => ({ agentId, delegateId }))),
  });
  return { me };
}, LIMITS);

/** The delegates of delegates …, so many times. */
const nested = (levels: number) =>
  `${'delegates(first: 5) { edges { node { '.repeat(levels)}name${' } } }'.repeat(levels)}`;
const ask = (selection: string) => shared.ask(shared.w.me.email, `{ ${selection} }`);

it('what lies in one another may be as long as an answer is', async () => {
  const { data, errors } = await ask(`agents(first: 1) { edges { node { ${nested(5)} } } }`);
  expect(errors).toEqual([]);
  expect(JSON.stringify(data).match(/agent/g)?.length).toBe(5 ** 5 + 1);
});

it('lists that multiply are refused before they fill the memory, by one error', async () => {
  const { data, errors } = await ask(`agents(first: 1) { edges { node { ${nested(11)} } } }`);
  expect(data).toEqual({ agents: null });
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  expect(errors?.[0]?.message).toContain('at most 200000 fields');
});

it('aliases and fragments count together', async () => {
  const fragment = `fragment F on Agent { ${nested(6)} }`;
  const list = 'agents { edges { node { ...F } } }';
  const source = `{ ${[1, 2, 3, 4, 5].map((n) => `a${n}: ${list}`).join(' ')} } ${fragment}`;
  const { errors } = await shared.ask(shared.w.me.email, source);
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  expect(errors).toHaveLength(1);
});
