import { describe, expect, it } from 'vitest';
import { Findings } from '../../src/commands/findings.js';
import { mistakesOfValues, submitted } from '../../src/execution/form-values.js';
import { type Dialect, mistakesIn } from '../../src/execution/validating/validator.js';

const FIELDS = [
  { name: 'who', type: 'text', required: true, validation: { maxLength: 5 } },
  { name: 'age', type: 'number', validation: { min: 0, max: 150, message: 'so old is nobody' } },
  { name: 'mail', type: 'email' },
  { name: 'size', type: 'select', options: [{ value: 'S' }, { value: 'L' }], default: 'S' },
  { name: 'tags', type: 'multi_select', options: [{ value: 'a' }, { value: 1 }] },
  { name: 'sure', type: 'checkbox' },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'datetime' },
  { name: 'code', type: 'text', validation: { pattern: '[a-z]{3}' } },
  { name: 'hidden', type: 'text', required: true, visibility: 'sure' },
];
/** What is wrong with values, as a command finds it out. */
function issuesOf(values: Record<string, unknown>) {
  const findings = new Findings();
  const work = async () => {
    const issues = mistakesOfValues({ findings }, 'A', FIELDS, values);
    findings.assertComplete();
    return issues;
  };
  return findings.complete(work, { away: (find) => find(), ms: 10_000 });
}
const mistakes = async (values: Record<string, unknown>) =>
  (await issuesOf(values)).map(({ path, message }) => `${path.join('.')}: ${message}`);

const compared = (of: string, dialect: Dialect, schema: object, value: object) =>
  mistakesIn({ of, dialect, schema: JSON.stringify(schema), value: JSON.stringify(value) });

describe('D33: values of a form', () => {
  it.each<[Record<string, unknown>, string[]]>([
    [{ who: 'Ada' }, []],
    [{}, ['who: it is missing']],
    [{ who: '' }, ['who: it must NOT have fewer than 1 characters']],
    [{ who: 'Ada', other: 1 }, ['other: there is no such field']],
    [{ who: 'Ada', __proto__x: 1 }, ['__proto__x: there is no such field']],
    [{ who: 'Ada Lovelace' }, ['who: it must NOT have more than 5 characters']],
    [{ who: 7 }, ['who: it must be string']],
    [{ who: 'Ada', code: 'abc' }, []],
    [{ who: 'Ada', sure: true, day: '2026-01-31', at: '2026-01-31T10:00:00Z' }, []],
    [{ who: 'Ada', tags: ['a', 1], size: 'L', age: null, mail: 'a@example.com' }, []],
  ])('%j', async (values, expected) => {
    expect(await mistakes(values)).toEqual(expected);
  });

  it.each<[string, unknown]>([
    ['age', 151],
    ['age', '7'],
    ['mail', 'nobody'],
    ['size', 'M'],
    ['tags', ['a', 'a']],
    ['tags', ['b']],
    ['sure', 'yes'],
    ['day', '31.1.2026'],
    ['at', '2026-01-31'],
    ['code', 'abcd'],
  ])('a mistake in %s (%j) names it', async (name, value) => {
    const found = await issuesOf({ who: 'Ada', [name]: value });
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ path }) => path[0]))).toEqual(new Set([name]));
  });

  it('a rule says what its author wrote', async () => {
    expect(await mistakes({ who: 'Ada', age: 200 })).toContain('age: so old is nobody');
  });

  it('what is left out has its default', () => {
    expect(submitted(FIELDS, { who: 'Ada', size: 'L' })).toEqual({ who: 'Ada', size: 'L' });
    expect(submitted(FIELDS, { who: 'Ada' })).toEqual({ who: 'Ada', size: 'S' });
  });
});

describe('schemas that tenants wrote are kept away from who answers', () => {
  const value = { text: `${'a'.repeat(40)}!` };
  const slow = { properties: { text: { pattern: '^(a+)+$' } } };

  it('one that takes for ever is given up, and others are answered after it', async () => {
    expect(await compared('A', 'parameters', slow, value)).toBeUndefined();
    expect(await compared('A', 'parameters', { required: ['a'] }, {})).toEqual([
      { path: ['a'], message: 'it is missing' },
    ]);
  });

  it('one that took too long is refused at once, also to those who wait for it already', async () => {
    const slower = { ...slow, title: 'another' };
    const [first, second] = [0, 1].map(() => compared('A', 'parameters', slower, value));
    expect(await first).toBeUndefined();
    const after = performance.now();
    expect(await second).toBeUndefined();
    // Whatever its value is: by its schema.
    expect(await compared('B', 'parameters', slower, {})).toBeUndefined();
    expect(performance.now() - after).toBeLessThan(400);
  });

  it('an organization has few that wait, and takes no turn of others', async () => {
    const fourth = { ...slow, title: 'the fourth' };
    const ask = (of: string, schema: object) => compared(of, 'parameters', schema, value);
    const all = await Promise.allSettled([
      ...[ask('A', fourth), ask('A', {}), ask('A', {}), ask('A', {}), ask('A', {})],
      ...[ask('A', {}), ask('B', {})],
    ]);
    expect(all.map((one) => (one.status === 'rejected' ? one.reason.code : one.value))).toEqual([
      ...[undefined, [], [], [], []],
      ...['UNAVAILABLE', []],
    ]);
  });

  it('nobody waits for others for longer than two seconds', async () => {
    const ask = (n: number) =>
      compared(`org ${n}`, 'parameters', { ...slow, title: `${n}` }, value);
    const all = await Promise.allSettled(Array.from({ length: 8 }, (_, n) => ask(n)));
    const [first, last] = [all[0], all.at(-1)];
    expect(first).toMatchObject({ status: 'fulfilled', value: undefined });
    expect(last).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    expect(await compared('A', 'parameters', {}, {})).toEqual([]);
  });

  it('one that cannot be compiled is unusable', async () => {
    expect(await compared('A', 'parameters', { $ref: 'elsewhere' }, {})).toBeUndefined();
    expect(
      await compared('A', 'parameters', { properties: { a: { pattern: '(' } } }, {}),
    ).toBeUndefined();
  });

  it('one that calls itself by a name of another is not that one', async () => {
    const named = (required: string[]) => ({ $id: 'https://example.com/s', required });
    expect(await compared('A', 'parameters', named(['a']), {})).toHaveLength(1);
    expect(await compared('A', 'parameters', named([]), {})).toEqual([]);
  });

  it('one that nests without end is given up', async () => {
    const endless = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } };
    expect(await compared('A', 'parameters', endless, {})).toBeUndefined();
    expect(await compared('A', 'parameters', {}, {})).toEqual([]);
  });
});
