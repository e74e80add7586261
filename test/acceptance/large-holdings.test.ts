import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { namesOf } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';
import type { Person, Spot } from '../support/world.js';

const PATTERNS = Array.from({ length: 100 }, (_, n) => `config:read:k${n}`);

/** Whoever holds much is a team with as many members as are named one by one. */
const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const stranger = await world.user(a, 'stranger');
  const people: Person[] = [];
  for (let n = 0; n < DEFAULT_LIMITS.teamMembers; n += 1)
    people.push(await world.user(a, `member ${n}`));
  const [first, second, mate] = people as [Person, Person, Person];
  await world.team(a, stranger, people);
  await world.row('config', a, 'k7', { by: mate });
  await world.row('config', a, 'k8', { by: stranger });
  await world.hold(first, await world.role(a, PATTERNS, { dataAccess: 'TEAM_DATA' }), a);

  const type = await world.scopeType(a, 'MERGE');
  for (let n = 0; n < 8; n += 1) {
    const project: Spot = await world.scope(a, `project ${n}`, type);
    const role = await world.role(project, [`agent:read:p${n}/*`], { dataAccess: 'TEAM_DATA' });
    await world.hold(second, role, project);
    await world.row('agent', project, `p${n}/agent`, { by: mate, access: 'ROLE_BASED' });
  }
  return { first, second };
});

it('a hundred patterns with TEAM_DATA are one condition', async () => {
  const source = '{ configs { totalCount edges { node { key } } } }';
  const { data } = await shared.ask(shared.w.first.email, source);
  expect(namesOf(data.configs)).toEqual(['k7']);
  expect(data.configs.totalCount).toBe(1);
});

it('a filter of many management fields is answered, or refused as too large', async () => {
  const source = 'query ($where: AgentFilter) { agents(where: $where) { totalCount } }';
  const email = shared.w.second.email;
  const tests = { accessLevel: { eq: 'ROLE_BASED' }, owner: { isNull: true } };
  const ask = (where: object) => shared.ask(email, source, { where });
  expect((await ask({ and: Array(20).fill(tests) })).data.agents.totalCount).toBe(8);
  expect((await ask({ or: Array(10).fill(tests) })).data.agents.totalCount).toBe(8);
  // As one compiled statement, in which a list is one value; the other path says that it cannot.
  const large = { or: Array(39).fill(tests) };
  expect((await ask(large)).data.agents.totalCount).toBe(8);
  await shared.statements(async () => {
    const { data, errors } = await ask(large);
    expect(data).toEqual({ agents: null });
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
    expect(errors[0]?.message).toContain('too large for all that you hold');
  });
});
