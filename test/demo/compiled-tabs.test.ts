import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { seedDemo } from '../../src/demo/seed-demo.js';
import { EXAMPLE_TABS } from '../../src/http/example-tabs.js';
import { gatewayWith, ISSUER } from '../support/gateway.js';

const demo = gatewayWith(
  async ({ client }) => void (await seedDemo(client, { issuer: ISSUER })),
  {},
  undefined,
  { level: 'info' },
);

const rootsOf = (one: OperationDefinitionNode): string[] =>
  one.selectionSet.selections.flatMap((field) => ('name' in field ? [field.name.value] : []));

/** What the tabs ask that decides nothing: `explainAccess` is the other path's (ADR 6). */
const READS = EXAMPLE_TABS.flatMap(({ query }) =>
  parse(query).definitions.flatMap((one) =>
    one.kind === Kind.OPERATION_DEFINITION &&
    one.operation === 'query' &&
    !rootsOf(one).includes('explainAccess')
      ? [{ name: one.name?.value ?? '', text: query.slice(one.loc?.start, one.loc?.end) }]
      : [],
  ),
);

/** The lines of the access log about an operation. */
const linesOf = (name: string) =>
  demo.logged
    .map((line) => JSON.parse(line))
    .filter(({ msg, operation }) => msg === 'request' && operation?.name === name);

it('the tabs have reads', () => {
  expect(READS.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['CascadeInLists', 'AccessLevels', 'Reach', 'Record', 'Refused']),
  );
});

describe.each(READS)('$name of the tabs', ({ name, text }) => {
  it.each(['mia@acme.example', 'alice@acme.example', 'pia@playground.example'])(
    'is compiled for %s',
    async (who) => {
      const before = linesOf(name).length;
      const { errors } = await demo.ask(who, text);
      expect(errors).toEqual([]);
      await vi.waitUntil(() => linesOf(name).length > before, 10_000);
      expect(linesOf(name).at(-1)).toMatchObject({ compiled: true });
    },
  );
});
