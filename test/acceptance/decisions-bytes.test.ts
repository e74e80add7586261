import { describe, expect, it } from 'vitest';
import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { AUDIENCE, gatewayWith, ISSUER, SECRET } from '../support/gateway.js';
import { type Person, SYSTEM } from '../support/world.js';

const MOST = 40_000;

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const owner = await world.user(a, 'owner');
    await world.hold(owner, SYSTEM.Owner, a);
    const form = await world.row('form', a, 'form');
    return { a, owner, form };
  },
  { answerBytes: MOST },
);

const TOO_MUCH = new RegExp(`at most ${MOST} bytes`);

async function evaluations(who: Person, count: number): Promise<[number, string]> {
  const { email } = who;
  const token = await signDevelopmentToken({
    ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email, ttl: 600 },
    subject: developmentSubject(email),
  });
  const subject = { type: 'user', id: who.id };
  const resource = { type: 'form', id: shared.w.form.id };
  const asked = { subject, resource, action: { name: 'update' } };
  const response = await fetch(`${shared.url}/access/v1/evaluations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ ...asked, evaluations: Array.from({ length: count }, () => ({})) }),
  });
  return [response.status, await response.text()];
}

describe('what is held for an answer is counted', () => {
  it('of AuthZEN, as of any other', async () => {
    const { owner } = shared.w;
    const [status, few] = await evaluations(owner, 2);
    expect([status, JSON.parse(few).evaluations.length]).toEqual([200, 2]);
    const one = Buffer.byteLength(few) / 2;
    const [refused, why] = await evaluations(owner, Math.ceil((MOST * 1.5) / one));
    expect(refused).toBe(400);
    expect(why).toMatch(TOO_MUCH);
  });

  it('of what those hold who are asked about', async () => {
    const { a, owner, form } = shared.w;
    const ask = async () => {
      const { data, errors } = await shared.ask(
        owner.email,
        `query ($id: ID!) { subjectsWithAccess(resourceType: "form", resourceId: $id, action: "update") { hasMore } }`,
        { id: form.id },
      );
      return errors[0]?.message ?? data.subjectsWithAccess;
    };
    expect(await ask()).toEqual({ hasMore: false });
    for (let n = 0; n < 12; n++) {
      await shared.world.hold(await shared.world.user(a, 'another'), SYSTEM.Owner, a);
    }
    expect(await ask()).toMatch(TOO_MUCH);
  });
});
