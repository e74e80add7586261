import { type DefinitionNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { DEMO_IDS } from '../../src/demo/ids.js';
import { resetPlayground, seedDemo } from '../../src/demo/seed-demo.js';
import { EXAMPLE_TABS } from '../../src/http/example-tabs.js';
import { gatewayWith, ISSUER } from '../support/gateway.js';

const demo = gatewayWith(async ({ client }) => void (await seedDemo(client, { issuer: ISSUER })));

const isOperation = (one: DefinitionNode, name: string): boolean =>
  one.kind === 'OperationDefinition' && one.name?.value === name;

/** What somebody is answered by an operation of the tabs: the first error's code, or what its field shows. */
async function run(who: string, operationName: string): Promise<unknown> {
  const tab = EXAMPLE_TABS.find(({ query }) => query.includes(` ${operationName} {`));
  const text = parse(tab?.query ?? '')
    .definitions.filter(
      (one) => one.kind === 'FragmentDefinition' || isOperation(one, operationName),
    )
    .map(({ loc }) => tab?.query.slice(loc?.start, loc?.end))
    .join('\n');
  const email = who.includes('@') ? who : `${who}@playground.example`;
  const { data, errors } = await demo.ask(email, text);
  if (errors[0] !== undefined) return errors[0].extensions.code;
  const [answer] = Object.values(data as Record<string, Record<string, unknown>>);
  return Object.values(answer ?? {})[0];
}

test('the tabs show writing along the cascade', async () => {
  expect(await run('max', 'SetTimezone')).toBe('FORBIDDEN');
  expect(await run('emil', 'SetTimezone')).toBe('FORBIDDEN');
  expect(await run('emil', 'OverrideInTheLab')).toMatchObject({ value: 'Asia/Tokyo', version: 1 });
  expect(await run('pia', 'SetTimezone')).toMatchObject({ value: 'Europe/Oslo', version: 2 });
  expect(await run('pia', 'Record')).toHaveLength(4);
});

test('a conflict, and all mistakes at once', async () => {
  expect(await run('pia', 'ChangeWhatISaw')).toMatchObject({ version: 2 });
  expect(await run('pia', 'ChangeWhatISaw')).toBe('CONFLICT');
  expect(await run('pia', 'MakeTwice')).toBe('CONFLICT');
  expect(await run('pia', 'Mistakes')).toBe('BAD_USER_INPUT');
});

test('a refused escalation', async () => {
  expect(await run('rita', 'JoinTheOwners')).toBe('FORBIDDEN');
  expect(await run('emil', 'OpenToEverybody')).toBe('FORBIDDEN');
  expect(await run('pia', 'Refused')).toContainEqual({
    node: expect.objectContaining({ actor: { name: 'Rita' }, action: 'team:addMembers' }),
  });
  expect(await run('pia', 'JoinTheOwners')).toMatchObject({ name: 'Caretakers' });
});

test('why somebody may change a form, and why somebody else may not', async () => {
  const no = { answer: 'NO', reason: 'holds no such grant (D7)' };
  expect(await run('mia@acme.example', 'Why')).toEqual(no);
  expect(await run('alice@acme.example', 'Why')).toMatchObject({ answer: 'YES' });
  expect(await run('alice@acme.example', 'WhyNotMia')).toEqual(no);
  expect(await run('mia@acme.example', 'WhyNotMia')).toEqual(no);
});

/** What is written in the tests, in the Playground and elsewhere. */
async function written(where: object): Promise<unknown> {
  const { client } = demo.world;
  const orderBy = { id: 'asc' } as const;
  const omit = { createdAt: true, updatedAt: true } as const;
  return {
    forms: await client.form.findMany({ where, orderBy, omit }),
    configs: (await client.config.findMany({ where, omit: { ...omit, id: true } })).sort((a, b) =>
      `${a.key}${a.scopeId}`.localeCompare(`${b.key}${b.scopeId}`),
    ),
    people: await client.user.findMany({ where, orderBy, include: { teams: true }, omit }),
  };
}

test('the Playground is put back as it was, and nothing else is touched', async () => {
  const { client } = demo.world;
  const organizationId = DEMO_IDS.organizations.playground;
  const here = () => written({ organizationId });
  const elsewhere = () => written({ NOT: { organizationId } });
  await resetPlayground(client, { issuer: ISSUER });
  const fresh = await here();
  const others = await elsewhere();
  await run('emil', 'OverrideInTheLab');
  await run('pia', 'ChangeWhatISaw');
  await run('pia', 'JoinTheOwners');
  expect(await here()).not.toEqual(fresh);
  await resetPlayground(client, { issuer: ISSUER });
  expect(await here()).toEqual(fresh);
  expect(await elsewhere()).toEqual(others);
});
