import { describe, expect, it, test } from 'vitest';
import type { Check } from '../../src/commands/checks/check.js';
import { json, jsonObject } from '../../src/commands/checks/json.js';
import { parametersSchema } from '../../src/commands/checks/json-schema.js';
import {
  description,
  domain,
  email,
  endpoint,
  key,
  name,
  slug,
} from '../../src/commands/checks/text.js';

const TEXTS: readonly [what: string, check: Check, good: unknown[], bad: unknown[]][] = [
  [
    'name',
    name,
    ['a', 'Grüße 挨拶', 'e\u0301', 'é', '100%_done', '👩‍👩‍👧', 'x'.repeat(255), '😀'.repeat(255)],
    ['', ' a', 'a ', '*', 'owned', 'a\nb', 'a\u0000', '\ud800', 'a\u0085', 'x'.repeat(256), 1],
  ],
  ['slug', slug, ['a', 'a-b-2'], ['', '-a', 'a-', 'a--b', 'A', 'ä', 'x'.repeat(101), null]],
  ['key', key, ['a', 'billing/rate', 'A_1.b-c'], ['', '/a', 'a b', 'a\n', '*', 'owned', 'ä']],
  ['description', description, ['', 'a\n\tb\r\n', null], ['\u0000', '\udc00', 'x'.repeat(10_001)]],
  ['email', email, ['a@b.example'], ['A@b.example', 'a@b', 'a b@c.example', '@b.example', null]],
  ['domain', domain, ['a.example', null], ['a', 'A.example', 'a..b', 'a b.example', '']],
  ['endpoint', endpoint, ['https://a.example/x?y=1', '/local'], ['', 'a b', 'a\u0000', null]],
];

describe.each(TEXTS)('%s', (_what, check, good, bad) => {
  test.each(good)('takes %j as it is', (value) => expect(check(value)).toEqual([]));
  test.each(bad)('refuses %j', (value) => expect(check(value)).toHaveLength(1));
});

describe('JSON comes back as it went in (D46)', () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

  test.each([null, true, '', 'é', 0, -1.5, 1.5e-300, 2 ** 53 - 1, [], {}, { a: [{ b: null }] }])(
    '%j',
    (value) => expect(json(1_000)(value)).toEqual([]),
  );

  test.each([
    Number.NaN,
    Infinity,
    2 ** 53,
    -(2 ** 60),
    '\ud800',
    '\u0000',
    { '\udfff': 1 },
    [[undefined]],
  ])('refuses %j', (value) => expect(json(1_000)(value)).toHaveLength(1));

  it('within its depth and its bytes', () => {
    expect(json(1_000)(nested(32))).toEqual([]);
    expect(json(1_000)(nested(33))).toHaveLength(1);
    expect(json(1_000_000)(nested(3_000))).toHaveLength(1);
    expect(json(10)('é'.repeat(4))).toEqual([]);
    expect(json(10)('é'.repeat(5))).toHaveLength(1);
  });

  it('an object where it is to be one', () => {
    expect(jsonObject(100)({ a: 1 })).toEqual([]);
    for (const value of [null, [], 'a', 1]) expect(jsonObject(100)(value)).toHaveLength(1);
  });
});

describe('parameters are described by JSON Schema', () => {
  test.each([
    {},
    { type: 'object', properties: { a: { type: ['string', 'null'], maxLength: 3 } } },
    { $defs: { a: { type: 'integer' } }, properties: { b: { $ref: '#/$defs/a' } } },
    { $schema: 'https://json-schema.org/draft/2020-12/schema', additionalProperties: false },
  ])('%j', (schema) => expect(parametersSchema(schema)).toEqual([]));

  test.each<[path: string, schema: unknown]>([
    ['', []],
    ['type', { type: 'array' }],
    ['$schema', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['$ref', { $ref: 'https://example.com/schema' }],
    ['properties.a.maxLength', { properties: { a: { maxLength: -1 } } }],
    ['properties.a/b.minimum', { properties: { 'a/b': { minimum: 'one' } } }],
  ])('refused at %s: %j', (path, schema) => {
    expect(parametersSchema(schema).map((one) => one.path.join('.'))).toContain(path);
  });
});
