import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { TOO_LARGE_FILTER } from '../../src/data/prisma/too-large.js';
import { compareWithReference } from '../../src/http/shadow.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { serveMetrics } from '../../src/metrics/server.js';
import type { Lane, Outcome } from '../../src/read/lane.js';
import { MIA, start } from './support.js';

/** What no line of the log may hold. */
const ROW = 'the salary of Odin';

/** A server whose compiled path says whatever it is told to, one outcome after another. */
async function lying(...outcomes: readonly (Outcome | Error)[]) {
  let asked = 0;
  const lane = {
    answer: async () => {
      const outcome = outcomes[Math.min(asked, outcomes.length - 1)] ?? 'elsewhere';
      asked += 1;
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  } as unknown as Lane;
  const metrics = new Metrics(DEFAULT_LIMITS);
  const recall = async () => ({ principal: MIA, proof: undefined });
  const running = await start({ lane, shadow: 1, metrics, recall });
  const scraped = await serveMetrics(metrics, { host: '127.0.0.1', port: 0 });
  onTestFinished(scraped.close);
  const compared = async () => {
    const text = await (await fetch(scraped.url)).text();
    const lines = text.matchAll(/^heimdall_comparisons_total\{outcome="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...lines].map(([, outcome, n]) => [outcome, Number(n)]));
  };
  const ask = async () =>
    (await running.ask('query ($is: String!) { text(is: $is) }', {
      token: 'mia',
      variables: { is: ROW },
    })) as { text: string };
  const errors = () => running.logged.filter(({ level }) => level >= 50);
  return { ask, errors, compared };
}

const saying = (text: string): Outcome => ({
  text: JSON.stringify({ text }),
  withheld: [],
  actsIn: [],
});
const NOTHING = { alike: 0, different: 0, failed: 0 };

test('one byte that is another is in the log, as what it is, and nothing of a row', async () => {
  const lie = `${ROW.slice(0, -1)}m`;
  const { ask, errors, compared } = await lying(saying(lie));
  expect(await compared()).toEqual(NOTHING);
  // Who asks has had it.
  expect((await ask()).text).toContain(lie);
  const [line, ...others] = errors();
  expect(others).toEqual([]);
  expect(line).toMatchObject({
    msg: 'the paths answered differently',
    security: 'DIFFERENT_ANSWERS',
    requestId: expect.any(String),
    error: { type: 'DifferentAnswersError' },
  });
  expect(line.error.message).toContain(
    `alike up to ${'{"data":{"text":"'.length + ROW.length - 1}`,
  );
  expect(JSON.stringify(line)).not.toMatch(/salary|Odin/);
  expect(await compared()).toEqual({ ...NOTHING, different: 1 });
});

test('an answer that is the same is no line, and counted', async () => {
  const { ask, errors, compared } = await lying(saying(ROW));
  await ask();
  expect(errors()).toEqual([]);
  expect(await compared()).toEqual({ ...NOTHING, alike: 1 });
});

test('what was withheld on one side alone differs', async () => {
  const { ask, errors, compared } = await lying({
    text: JSON.stringify({ text: ROW }),
    withheld: ['Row.salary'],
    actsIn: [],
  });
  await ask();
  expect(errors()).toMatchObject([{ security: 'DIFFERENT_ANSWERS' }]);
  expect(await compared()).toEqual({ ...NOTHING, different: 1 });
});

test('a wrong answer that is not given again is told all the same', async () => {
  const { ask, errors } = await lying(saying('another'), 'elsewhere');
  await ask();
  expect(errors()).toMatchObject([{ security: 'DIFFERENT_ANSWERS' }]);
});

test('a path that breaks is told as that', async () => {
  const { ask, errors, compared } = await lying(new Error('broken'));
  expect((await ask()).text).toContain(ROW);
  expect(errors()).toMatchObject([{ msg: 'the compiled path failed' }]);
  expect(errors()[0]).not.toHaveProperty('security');
  // Nothing was answered that could be compared.
  expect(await compared()).toEqual(NOTHING);
});

describe('of what both paths say', () => {
  const json = (text: string) => ({ contentType: 'application/json', text });
  const a = json('{"data":{"a":1}}');
  const b = json('{"data":{"a":2}}');
  const failing = (code: string, message = 'x') =>
    json(JSON.stringify({ data: null, errors: [{ message, extensions: { code } }] }));

  const compared = (
    compiled: readonly (typeof a | undefined)[],
    reference: readonly (typeof a)[],
  ) => {
    const [answered, ...later] = compiled;
    const next = vi.fn(async () => later.shift());
    const other = vi.fn(async () => reference[other.mock.calls.length - 1] ?? a);
    return compareWithReference(answered ?? a, { compiled: next, reference: other });
  };
  const differs = { name: 'DifferentAnswersError' };

  test('what was written meanwhile is no difference, on either side', async () => {
    await compared([a, b], [b]);
    await compared([a, b], [json('{"data":{"a":3}}'), b]);
    await compared([a, undefined], [b, json('{"data":{"a":3}}')]);
  });

  test('what stays different is one', async () => {
    await expect(compared([a, a], [b, b])).rejects.toMatchObject(differs);
    await expect(compared([a, undefined], [b, b])).rejects.toMatchObject(differs);
    await expect(compared([a, a], [json(''), json('')])).rejects.toMatchObject(differs);
  });

  test('the same text as something else is one', async () => {
    const other = { ...a, contentType: 'text/html' };
    await expect(compared([a, a], [other, other])).rejects.toMatchObject(differs);
  });

  test('an error of the reference path alone is one', async () => {
    const denied = failing('NOT_FOUND');
    await expect(compared([a, a], [denied, denied])).rejects.toMatchObject(differs);
  });

  test('a filter that Prisma cannot send is none, but as a text of a row', async () => {
    await compared([a], [failing('BAD_USER_INPUT', TOO_LARGE_FILTER)]);
    const row = json(JSON.stringify({ data: { a: TOO_LARGE_FILTER } }));
    await expect(compared([a, a], [row, row])).rejects.toMatchObject(differs);
  });

  test('a database that is away is not compared with, and not a difference', async () => {
    for (const code of ['UNAVAILABLE', 'TOO_SLOW']) {
      const refused = compared([a], [failing(code)]);
      await expect(refused).rejects.toMatchObject({ name: 'NotComparedError' });
    }
  });
});
