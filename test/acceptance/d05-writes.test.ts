import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.js';
import { refusals } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  return { admin: await world.user(a, 'admin', { isPlatformAdmin: true }) };
});

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

/** What workers send is a protocol of its own, and answers what it says (D34): no cache of a client has it. */
const PROTOCOL = [
  'claimExecutions',
  'heartbeatExecutions',
  'completeExecution',
  'failExecution',
  'releaseExecution',
];

describe('writes', () => {
  it('take one input each, and fail alone (D47)', () => {
    expect(mutations.length).toBeGreaterThan(40);
    for (const { args, type, name } of mutations) {
      expect(args.map((one) => String(one.name))).toEqual(['input']);
      if (PROTOCOL.includes(name)) continue;
      expect(String(type)).toBe(`${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`);
    }
  });

  it.each(mutations.map(({ name }) => name))(
    '%s is for nobody without a credential',
    async (name) => {
      const { world } = shared;
      const before = await world.client.organization.count();
      const field = schema.getMutationType()?.getFields()[name];
      const input = String(field?.args[0]?.type);
      const { data, errors } = await shared.ask(
        null,
        `mutation ($input: ${input}) { ${name}(input: $input) { __typename } }`,
        { input: sample(input) },
      );
      expect(data).toEqual({ [name]: null });
      expect(refusals(errors)).toEqual([`UNAUTHENTICATED ${name}`]);
      expect(await world.client.organization.count()).toBe(before);
    },
  );

  it('one after another, each whole: those before one that fails stand', async () => {
    const { data, errors } = await shared.ask(
      shared.w.admin.email,
      `mutation {
        one: createForm(input: { name: "one" }) { form { name } }
        again: createForm(input: { name: "one" }) { form { name } }
        two: createForm(input: { name: "two" }) { form { name } }
      }`,
    );
    expect(data).toEqual({
      one: { form: { name: 'one' } },
      again: null,
      two: { form: { name: 'two' } },
    });
    expect(refusals(errors)).toEqual(['CONFLICT again']);
  });

  it('by GET are refused', async () => {
    const query = encodeURIComponent(
      'mutation { createForm(input: { name: "g" }) { form { id } } }',
    );
    const response = await fetch(`${shared.url}/graphql?query=${query}`);
    expect(response.status).toBe(405);
    expect(await shared.world.client.form.count({ where: { name: 'g' } })).toBe(0);
  });

  it.each(['subscription'])('a %s is the fault of the caller', async (kind) => {
    for (const who of [shared.w.admin.email, null]) {
      const { data, errors } = await shared.ask(who, `${kind} { setConfig(key: "k") { id } }`);
      expect(data).toBeNull();
      expect(refusals(errors)).toEqual(['BAD_USER_INPUT']);
    }
  });
});

/** Something of an input type. */
function sample(type: string): unknown {
  if (type.endsWith('!')) return sample(type.slice(0, -1));
  if (type.startsWith('[')) return [sample(type.slice(1, -1))];
  const found = schema.getType(type);
  if (found === undefined || !('getFields' in found)) {
    if (type === 'Int') return 1;
    if (type === 'Boolean') return true;
    if (type === 'JSON') return {};
    if (type === 'DateTime') return '2026-01-01T00:00:00.000Z';
    if (found !== undefined && 'getValues' in found) return found.getValues()[0]?.name;
    return '00000000-0000-7000-8000-00000000dead';
  }
  return Object.fromEntries(
    Object.values(found.getFields())
      .filter((field) => String(field.type).endsWith('!'))
      .map((field) => [field.name, sample(String(field.type))]),
  );
}
