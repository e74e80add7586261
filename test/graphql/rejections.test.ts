import SchemaBuilder from '@pothos/core';
import { createYoga } from 'graphql-yoga';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { REJECTIONS } from '../../src/graphql/rejection-plugin.js';

const unasked: unknown[] = [];
const keep = (error: unknown) => unasked.push(error);

beforeEach(() => process.on('unhandledRejection', keep));
afterEach(() => process.off('unhandledRejection', keep));

it('a failure that comes late, of an item before one that failed at once, ends nothing', async () => {
  const builder = new SchemaBuilder<{ DefaultFieldNullability: false }>({
    plugins: [REJECTIONS],
    defaultFieldNullability: false,
    // Of another plugin, which is registered with the builder's types and not asked for here.
    scopeAuth: { authScopes: () => ({}) },
  });
  let fail = (_: Error) => {};
  const late = new Promise<number>((_, reject) => {
    fail = reject;
  });
  const Item = builder.objectRef<{ isLate: boolean }>('Item').implement({
    fields: (t) => ({
      value: t.int({
        resolve: ({ isLate }) => {
          if (isLate) return late;
          throw new Error('at once');
        },
      }),
    }),
  });
  builder.queryType({
    fields: (t) => ({
      items: t.field({
        type: [Item],
        nullable: true,
        resolve: () => [{ isLate: true }, { isLate: false }],
      }),
    }),
  });
  const yoga = createYoga({ schema: builder.toSchema(), maskedErrors: false });
  const response = await yoga.fetch('http://yoga/graphql?query={items{value}}');
  expect(await response.json()).toMatchObject({
    data: { items: null },
    errors: [{ message: 'at once' }],
  });
  fail(new Error('late'));
  // Node says of a rejection that it is unhandled once the promises of the turn are through.
  await new Promise((done) => setImmediate(done));
  expect(unasked).toEqual([]);
});
