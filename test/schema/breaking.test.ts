import { describe, expect, it } from 'vitest';
import { breaksBetween } from '../../scripts/schema/breaking.js';

const BEFORE = 'type Query { name: String slug(of: ID): String }';
const REMOVED = "Field 'slug' was removed from object type 'Query'";

describe('what breaks clients', () => {
  it.each([
    ['a field that is gone', 'type Query { name: String }', [REMOVED]],
    [
      'an argument that has to be given',
      'type Query { name: String slug(of: ID!): String }',
      ["Type for argument 'of' on field 'Query.slug' changed from 'ID' to 'ID!'"],
    ],
    ['not a field more', 'type Query { name: String slug(of: ID): String more: Int }', []],
    ['not a field that is never null now', 'type Query { name: String! slug(of: ID): String }', []],
  ])('is %s', async (_, after, refused) => {
    expect(await breaksBetween(BEFORE, after, '')).toEqual({ refused, agreed: [] });
  });

  it.each([
    ['with a reason', `- \`${REMOVED}\`: nobody asked for it`, [REMOVED]],
    ['not without one', `- \`${REMOVED}\`: `, []],
    ['not if it is another', "- `Field 'x' was removed from object type 'Query'`: why", []],
  ])('is agreed to %s', async (_, file, agreed) => {
    const refused = agreed.length === 0 ? [REMOVED] : [];
    expect(await breaksBetween(BEFORE, 'type Query { name: String }', file)).toEqual({
      refused,
      agreed,
    });
  });
});
