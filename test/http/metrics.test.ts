import { expect, onTestFinished, test, vi } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { MetricsError, serveMetrics } from '../../src/metrics/server.js';
import { start } from './support.js';

const HERE = { host: '127.0.0.1', port: 0 };

/** A server whose metrics are read as a scraper reads them. */
async function starting(limits: Partial<typeof DEFAULT_LIMITS> = {}) {
  const metrics = new Metrics({ ...DEFAULT_LIMITS, ...limits });
  const running = await start({ metrics });
  const scraped = await serveMetrics(metrics, HERE);
  onTestFinished(scraped.close);
  /** The value of a line, by its beginning. */
  const lineOf = async (line: string): Promise<number | undefined> => {
    const text = await (await fetch(scraped.url)).text();
    const found = text.split('\n').find((one) => one.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.split(' ').at(-1));
  };
  const count = (operation: string, path = 'reference') =>
    lineOf(`heimdall_request_duration_seconds_count{operation="${operation}",path="${path}"}`);
  return { ...running, url: running.url, scraped, lineOf, count };
}

test('requests are counted by operation, code and what was decided', async () => {
  const { ask, lineOf, count } = await starting();
  const denied = 'heimdall_decisions_total{outcome="denied",reason="NOT_FOUND"}';
  expect(await lineOf(denied)).toBe(0);
  await ask('query Mine { me }', { token: 'mia' });
  await ask('query Mine { me }', { token: 'mia' });
  await ask('{ hidden }', { token: 'mia' });
  await ask('query Mine { me }', { token: 'expired' });
  await vi.waitUntil(async () => (await count('other')) === 2, 10_000);
  expect(await count('Mine')).toBe(2);
  expect(await count('Mine', 'compiled')).toBe(0);
  expect(await lineOf('heimdall_decisions_total{outcome="permitted",reason="policy"}')).toBe(2);
  expect(await lineOf(denied)).toBe(1);
  expect(await lineOf('heimdall_errors_total{code="UNAUTHENTICATED"}')).toBe(1);
  const le =
    'heimdall_request_duration_seconds_bucket{operation="Mine",path="reference",le="+Inf"}';
  expect(await lineOf(le)).toBe(2);
});

test('so many operations are told apart, a tenth of them of one caller, and none of a stranger', async () => {
  const { ask, count, scraped } = await starting({ metricsOperations: 20 });
  await ask('query Stranger { me }');
  for (const name of ['A', 'B', 'C', 'D', 'A']) await ask(`query ${name} { me }`, { token: 'mia' });
  await vi.waitUntil(async () => (await count('other')) === 3, 10_000);
  expect([await count('A'), await count('B')]).toEqual([2, 1]);
  expect(await (await fetch(scraped.url)).text()).not.toMatch(/"(C|D|Stranger)"/);
});

test('no caller uses up the operations that are told apart, and all of them no more than there are', () => {
  const metrics = new Metrics({ metricsOperations: 20 });
  const add = (caller: string, operation: string) =>
    metrics.add({ path: 'compiled', operation, caller, code: undefined, seconds: 1 });
  for (let n = 0; n < 1_000; n += 1) add('greedy', `Greedy${n}`);
  add('mia', 'Mine');
  // Whoever brought it, it is everybody's.
  add('mia', 'Greedy0');
  expect([...metrics.latencies.keys()]).toEqual(['other', 'Greedy0', 'Greedy1', 'Mine']);
  for (let n = 0; n < 1_000; n += 1) add(`caller${n}`, `Operation${n}`);
  expect(metrics.latencies.size).toBe(21);
});

test('what is in memory and at work is told, and how Node does', async () => {
  const { lineOf } = await starting();
  for (const line of [
    'heimdall_cache_bytes{cache="documents"}',
    'heimdall_held_bytes{of="bodies"}',
    'heimdall_operations{state="running"}',
    'nodejs_eventloop_lag_seconds',
  ]) {
    expect(await lineOf(line), line).toBeGreaterThanOrEqual(0);
  }
});

test('metrics are told on a port of their own, and nothing else is there', async () => {
  const { get, scraped } = await starting();
  expect((await get('/metrics')).status).toBe(404);
  const at = scraped.url.replace('/metrics', '');
  expect((await fetch(`${at}/graphql`)).status).toBe(404);
  expect((await fetch(scraped.url, { method: 'POST' })).status).toBe(404);
  const port = Number(new URL(scraped.url).port);
  const metrics = new Metrics(DEFAULT_LIMITS);
  await expect(serveMetrics(metrics, { ...HERE, port })).rejects.toThrow(MetricsError);
});
