import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Database, SendCompiled } from '../../src/data/clients/database.js';
import { namesOf } from '../../src/data/clients/prepared-read.js';
import { openDatabase } from '../../src/data/clients.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';

const { TEST_DATABASE_URL: url = '', HEIMDALL_TEST_ON } = process.env;

const limits = { ...DEFAULT_LIMITS, preparedStatements: 2, preparedLength: 200 };

describe.runIf(HEIMDALL_TEST_ON === 'server')('a prepared read', () => {
  let database: Database;
  let send: SendCompiled;
  beforeAll(async () => {
    // One connection, so that it is known what it has prepared.
    database = await openDatabase({ url, poolSize: 1, limits });
    if (database.compiled === undefined) throw new Error('nothing can be compiled');
    send = database.compiled;
  });
  afterAll(() => database.close());

  const prepared = async (): Promise<string[]> => {
    const [row] = await send(
      `SELECT string_agg(statement, '|' ORDER BY prepare_time)
       FROM pg_prepared_statements WHERE statement LIKE 'SELECT ''kept%' -- ${' '.repeat(200)}`,
      [],
    );
    return row?.answer?.split('|') ?? [];
  };

  it('answers texts, none, and as many rows as there are', async () => {
    expect(await send(`SELECT 'a'`, [])).toEqual([{ answer: 'a' }]);
    expect(await send('SELECT NULL::text', [])).toEqual([{ answer: null }]);
    expect(await send('SELECT 1::text WHERE false', [])).toEqual([]);
    expect(await send('SELECT n::text FROM generate_series(1, 3) n', [])).toHaveLength(3);
  });

  it('takes each kind of value as what it is', async () => {
    const lists = [
      ['a"b\\', '{x,y}', 'NULL', '', 'ü'],
      [1, 2.5],
      [true, false],
      [null, 'x'],
    ];
    const [row] = await send(
      'SELECT jsonb_build_array($1::text[], $2::numeric[], $3::boolean[], $4::text[], $5::int, $6::boolean, $7::text, $8::text)::text',
      [...lists, 7, false, null, '{"a"}'],
    );
    expect(JSON.parse(row?.answer ?? '')).toEqual([...lists, 7, false, null, '{"a"}']);
    // And again, from what is known of the lists.
    expect(await send('SELECT ($1::text[])[1]', [lists[0]])).toEqual([{ answer: 'a"b\\' }]);
  });

  it.each([[new Date()], [{}], [[{}]], [1n]])(
    'refuses %s, whatever its text may mean',
    async (value) => {
      await expect(send('SELECT $1::text', [value])).rejects.toThrow(TypeError);
      expect(await send(`SELECT 'there'`, [])).toEqual([{ answer: 'there' }]);
    },
  );

  it('keeps prepared what was used last, and goes on with what is refused', async () => {
    await send(`SELECT 'kept 1'`, []);
    await send(`SELECT 'kept 2'`, []);
    await send(`SELECT 'kept 1'`, []);
    await send(`SELECT 'kept 3'`, []);
    expect(await prepared()).toEqual([`SELECT 'kept 1'`, `SELECT 'kept 3'`]);
    // Prepared again after it was let go of, and answered the same.
    expect(await send(`SELECT 'kept 2'`, [])).toEqual([{ answer: 'kept 2' }]);
    expect(await prepared()).toEqual([`SELECT 'kept 3'`, `SELECT 'kept 2'`]);
    await expect(send('SELECT 1 / 0', [])).rejects.toThrow('division by zero');
    expect(await send(`SELECT 'kept 2'`, [])).toEqual([{ answer: 'kept 2' }]);
  });

  it('sends many at once, each its own answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => send('SELECT $1::text', [`${n}`])),
    );
    expect(answers.map(([row]) => row?.answer)).toEqual(answers.map((_, n) => `${n}`));
  });
});

describe.runIf(HEIMDALL_TEST_ON === 'server')('prepared reads of many characters', () => {
  it('are let go of before there are too many of them', async () => {
    const room = { ...limits, preparedStatements: 100, preparedCharacters: 250 };
    const database = await openDatabase({ url, poolSize: 1, limits: room });
    onTestFinished(() => database.close());
    const send = database.compiled;
    if (send === undefined) throw new Error('nothing can be compiled');
    const long = (n: number) => `SELECT 'long ${n}' -- ${'x'.repeat(80)}`;
    for (const n of [1, 2, 1, 3]) {
      expect(await send(long(n), [])).toEqual([{ answer: `long ${n}` }]);
    }
    const [row] = await send(
      `SELECT string_agg(substr(statement, 9, 6), ' ' ORDER BY prepare_time)
       FROM pg_prepared_statements WHERE statement LIKE 'SELECT ''long%' -- ${' '.repeat(200)}`,
      [],
    );
    expect(row?.answer).toBe('long 1 long 3');
  });
});

describe('the name of a prepared read', () => {
  it('is that of its text, and none of one that is too long to be kept', () => {
    const nameOf = namesOf(limits);
    expect(nameOf('SELECT 1')).toMatch(/^c_.{22}$/);
    expect(nameOf('SELECT 1')).toBe(nameOf('SELECT 1'));
    expect(nameOf('SELECT 1')).not.toBe(nameOf('SELECT 2'));
    expect(nameOf('x'.repeat(201))).toBe('');
    expect(namesOf({ ...limits, preparedCharacters: 7 })('SELECT 1')).toBe('');
    expect(namesOf({ ...limits, preparedStatements: 0 })('SELECT 1')).toBe('');
  });
});
