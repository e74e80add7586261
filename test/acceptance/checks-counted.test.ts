import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { exposition } from '../../src/metrics/exposition.js';
import { Metrics } from '../../src/metrics/metrics.js';
import { gatewayWith, tokenOf } from '../support/gateway.js';

const metrics = new Metrics(DEFAULT_LIMITS);
const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const asker = await world.manager(a, ['form:read', 'form:update', 'user:read']);
    const other = await world.user(a, 'other');
    const form = await world.row('form', a, 'form');
    return { asker, other, form };
  },
  {},
  undefined,
  { metrics },
);

/** What was counted meanwhile, such as `denied policy`. */
async function counted(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const read = () =>
    new Map(metrics.checks.counts.map(({ outcome, reason, n }) => [`${outcome} ${reason}`, n]));
  const before = read();
  await work();
  const more = [...read()].map(([name, n]) => [name, n - (before.get(name) ?? 0)] as const);
  return Object.fromEntries(more.filter(([, n]) => n > 0));
}

const NO_ID = '018f0000-0000-7000-8000-00000000dead';
const ask = (source: string) => shared.ask(shared.w.asker.email, source);

test('what check and checkMany decide is counted by outcome and reason', async () => {
  const id = shared.w.form.id;
  const one = (action: string, more: string) =>
    `{ action: "${action}", resourceType: "form", ${more} }`;
  const checks = [
    one('update', `resourceId: "${id}"`),
    one('delete', `resourceId: "${id}"`),
    one('read', `resourceId: "${NO_ID}"`),
    one('read', `resourceId: "${id}", subject: { userId: "${NO_ID}" }`),
  ];
  const many = await counted(() => ask(`{ checkMany(checks: [${checks.join()}]) { answer } }`));
  expect(many).toEqual({
    'permitted policy': 1,
    'denied policy': 1,
    'denied resource': 1,
    'unknown subject': 1,
  });
  const denied = `{ check(action: "delete", resourceType: "form", resourceId: "${id}") { answer } }`;
  expect(await counted(() => ask(denied))).toEqual({ 'denied policy': 1 });
  const unknown = '{ check(action: "fly", resourceType: "form") { answer } }';
  expect(await counted(() => ask(unknown))).toEqual({ 'refused BAD_USER_INPUT': 1 });
  const other = `{ check(action: "read", resourceType: "form", subject: { userId: "${shared.w.other.id}" }) { answer } }`;
  expect(await counted(() => ask(other))).toEqual({ 'refused FORBIDDEN': 1 });
});

test('and so is what AuthZEN is asked', async () => {
  const evaluate = async (action: string): Promise<unknown> => {
    const { email, id } = shared.w.asker;
    const response = await fetch(`${shared.url}/access/v1/evaluation`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf(email)}`,
      },
      body: JSON.stringify({
        subject: { type: 'user', id },
        action: { name: action },
        resource: { type: 'form', id: shared.w.form.id },
      }),
    });
    return response.json();
  };
  expect(await counted(() => evaluate('update'))).toEqual({ 'permitted policy': 1 });
  expect(await counted(() => evaluate('delete'))).toEqual({ 'denied policy': 1 });
});

test('a scraper reads them', async () => {
  const text = await (await exposition(metrics)).metrics();
  expect(text).toContain('heimdall_checks_total{outcome="denied",reason="policy"}');
});
