import { describe, expect, it } from 'vitest';
import { start } from './support.js';

const query =
  'query ($f: Filter, $g: Filter) { list(filter: $f) { me } b: list(filter: $g) { me } }';
const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`unknown${n}`, n]));

describe('10.3 what is short to ask and long to answer', () => {
  it('has no names longer than are needed', async () => {
    const running = await start();
    const named = (length: number) => running.ask(`{ ${'a'.repeat(length)}: me }`);
    expect((await named(128)).body.errors).toBeUndefined();
    const { body } = await named(129);
    expect(body.data).toBeUndefined();
    expect(body.errors[0].message).toBe('a name in the answer has at most 128 characters');
    const hidden = `{ __schema { ...F } } fragment F on __Schema { ${'a'.repeat(129)}: types { name } }`;
    expect((await running.ask(hidden)).body.data).toBeUndefined();
  });

  it('tells all mistakes of a few variables, and the first of many', async () => {
    const running = await start();
    const few = await running.ask(query, { variables: { f: keys(10), g: keys(10) } });
    expect(few.body.errors).toHaveLength(20);
    for (const f of [keys(20_000), { even: 'x'.repeat(500_000), ...keys(50) }]) {
      const many = await running.ask(query, { variables: { f, g: keys(10) } });
      expect(many.body.errors).toHaveLength(1);
      expect(many.body.errors[0].message.length).toBeLessThan(1_000);
      expect(many.body.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    }
    // Many that are right are many.
    const text = 'query ($is: String!) { text(is: $is) }';
    const { body } = await running.ask(text, { variables: { is: 'x'.repeat(500_000) } });
    expect(body.data.text).toHaveLength(500_000);
  });

  it('is refused whole where it would tell of too many errors', async () => {
    const running = await start({ limits: { answerErrors: 3 } });
    const asked = (count: number) =>
      running.ask(`{ me ${Array.from({ length: count }, (_, n) => `a${n}: hidden`).join(' ')} }`);
    const three = await asked(3);
    expect(three.body.errors).toHaveLength(3);
    expect(three.body.data.me).not.toBeNull();
    const { body } = await asked(4);
    expect(body.data).toBeNull();
    expect(body.errors.map(({ message }: Error) => message)).toEqual([
      'an answer has at most 3 errors: it would have had more',
    ]);
  });
});
