import { expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { gatewayWith } from '../support/gateway.js';

/** Room for one or two of either. */
const SMALL = { principalCacheBytes: 8_000, statementCacheBytes: 24_000 };
const READERS = 6;

const metrics = new Metrics(DEFAULT_LIMITS);
const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const readers = [];
    for (let n = 0; n < READERS; n += 1) {
      const reader = await world.user(a);
      await world.hold(reader, await world.role(a, ['form:read'], { dataAccess: 'OWN_DATA' }), a);
      await world.row('form', a, `of ${n}`, { inactive: true, by: reader });
      readers.push(reader);
    }
    return { readers };
  },
  SMALL,
  undefined,
  { metrics },
);

const DOCUMENTS = [
  '{ forms { edges { node { name } } } }',
  'query ($n: Int = 5) { forms(first: $n) { totalCount edges { node { id name } } } }',
  '{ viewer { user { email } } forms { edges { node { name canUse } } } }',
];

const bytesOf = (cache: string): number =>
  metrics.read('heimdall_cache_bytes').find(([label]) => label === cache)?.[1] ?? Number.NaN;

it('caches that are too small for everybody give each their own answers, within their bytes', async () => {
  const most = { principals: 0, statements: 0 };
  for (let round = 0; round < 3; round += 1) {
    for (const [n, { email }] of shared.w.readers.entries()) {
      for (const document of DOCUMENTS) {
        const { data, errors } = await shared.ask(email, document);
        expect(errors).toEqual([]);
        expect(data.forms.edges).toMatchObject([{ node: { name: `of ${n}` } }]);
        most.principals = Math.max(most.principals, bytesOf('principals'));
        most.statements = Math.max(most.statements, bytesOf('statements'));
      }
    }
  }
  // Something was kept, and others let go of for it.
  expect(most.principals).toBeGreaterThan(0);
  expect(most.principals).toBeLessThanOrEqual(SMALL.principalCacheBytes);
  expect(most.statements).toBeGreaterThan(0);
  expect(most.statements).toBeLessThanOrEqual(SMALL.statementCacheBytes);
});
