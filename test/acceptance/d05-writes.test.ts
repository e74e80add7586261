import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.js';
import { refusals } from '../support/answers.js';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(async (world) => {
  const a = await world.organization('A');
  return { admin: await world.user(a, 'admin', { isPlatformAdmin: true }) };
});

describe('D5: writes', () => {
  it('do not exist yet', () => {
    expect(schema.getMutationType()).toBeUndefined();
    expect(schema.getSubscriptionType()).toBeUndefined();
  });

  it.each(['mutation', 'subscription'])('a %s is the fault of the caller', async (kind) => {
    for (const who of [shared.w.admin.email, null]) {
      const { data, errors } = await shared.ask(who, `${kind} { setConfig(key: "k") { id } }`);
      expect(data).toBeNull();
      expect(refusals(errors)).toEqual(['BAD_USER_INPUT']);
    }
  });
});
