import { isNonNullType, isRequiredArgument } from 'graphql';
import { expect, test } from 'vitest';
import { schema } from '../../src/schema.js';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  return { ada: await world.user(await world.organization('A'), 'ada') };
});
const ask = (source: string) => shared.ask(shared.w.ada.email, source);
const NOWHERE = '00000000-0000-7000-8000-000000000000';
const roots = Object.values(schema.getQueryType()?.getFields() ?? {});
// Others are about something that has to be there.
const lists = roots.filter(
  ({ args }) => args.some(({ name }) => name === 'first') && !args.some(isRequiredArgument),
);

test('only what federation wants to be there is never null', () => {
  const never = roots.filter(({ type }) => isNonNullType(type)).map(({ name }) => name);
  expect(never.sort()).toEqual(['_entities', '_service']);
});

test.each(lists.map(({ name }) => name))(
  'a page of %s that is too long is null alone',
  async (name) => {
    const { status, data, errors } = await ask(
      `{ bad: ${name}(first: 500) { edges { node { id } } } ${name}(first: 1) { pageInfo { hasPreviousPage } } viewer { isPlatformAdmin } }`,
    );
    expect(status).toBe(200);
    expect(data).toEqual({
      bad: null,
      [name]: { pageInfo: { hasPreviousPage: false } },
      viewer: { isPlatformAdmin: false },
    });
    expect(errors.map(({ path, extensions: { code } }) => [path, code])).toEqual([
      [['bad'], 'BAD_USER_INPUT'],
    ]);
  },
);

test('a place where one may not act fails the fields that name it, each with its error', async () => {
  const { status, data, errors } = await ask(
    `{ a: forms(scope: "${NOWHERE}") { totalCount } b: forms(scope: "${NOWHERE}") { totalCount }
      formByName(name: "x", scope: "${NOWHERE}") { id } forms { totalCount } }`,
  );
  expect(status).toBe(200);
  expect(data).toEqual({ a: null, b: null, formByName: null, forms: { totalCount: 0 } });
  expect(errors.map(({ path, extensions: { code } }) => [path?.join(), code]).sort()).toEqual([
    ['a', 'SCOPE_FORBIDDEN'],
    ['b', 'SCOPE_FORBIDDEN'],
    ['formByName', 'SCOPE_FORBIDDEN'],
  ]);
});

test('too many ids fail `nodes` and nothing beside it', async () => {
  const ids = JSON.stringify(Array.from({ length: 501 }, () => NOWHERE));
  const { data, errors } = await ask(`{ nodes(ids: ${ids}) { id } viewer { isPlatformAdmin } }`);
  expect(data).toEqual({ nodes: null, viewer: { isPlatformAdmin: false } });
  expect(errors.map(({ extensions: { code } }) => code)).toEqual(['BAD_USER_INPUT']);
});
