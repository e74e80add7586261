import { isRequiredArgument } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ACTIONS, DATA_ACCESS } from '../../src/policy/vocabulary.js';
import { schema } from '../../src/schema.js';
import { gatewayWith } from '../support/gateway.js';
import type { Person } from '../support/world.js';

const EVERYTHING = Object.entries(ACTIONS).flatMap(([resource, actions]) =>
  actions.map((action) => `${resource}:${action}`),
);

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  const people: Record<string, Person> = {};
  for (const dataAccess of DATA_ACCESS) {
    people[dataAccess] = await world.manager(a, EVERYTHING, { dataAccess });
  }
  return people;
});

const lists = Object.values(schema.getQueryType()?.getFields() ?? {})
  .filter(({ args }) => args.some(({ name }) => name === 'first') && !args.some(isRequiredArgument))
  .map(({ name }) => name);

// A reach asks after columns that not every type of row has, and not every one of which can be null.
describe.each(DATA_ACCESS)('under %s', (dataAccess) => {
  it.each(lists)('%s are listed', async (name) => {
    const { email } = shared.w[dataAccess] as Person;
    const { data, errors } = await shared.ask(
      email,
      `{ ${name} { totalCount edges { node { id } } } }`,
    );
    expect(errors).toEqual([]);
    expect(data?.[name]).toMatchObject({ totalCount: expect.any(Number) });
  });

  it('ids of all types are asked after', async () => {
    const { email } = shared.w[dataAccess] as Person;
    const { id } = shared.w[dataAccess] as Person;
    const { data, errors } = await shared.ask(
      email,
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [id, '00000000-0000-7000-8000-00000000dead'] },
    );
    expect(errors).toEqual([]);
    expect(data?.nodes).toEqual([{ id }, null]);
  });
});
