import { expect, it } from 'vitest';
import { findKey, revokeFoundKey } from '../../src/commands/found-key.js';
import { systemPrincipal } from '../../src/identity/system-principal.js';
import { gatewayWith } from '../support/gateway.js';

const gateway = gatewayWith(async (world) => {
  const organization = await world.organization('Found');
  const [api, virtual] = await Promise.all([
    world.key(organization, 'API_KEY', { operations: [] }),
    world.key(organization, 'VIRTUAL_KEY', { operations: [] }),
  ]);
  return { organization, api, virtual };
});

const PRINCIPAL = systemPrincipal('key-revoke');
const prefixOf = ({ value }: { readonly value: string }): string => value.slice(0, 17);

it.each(['api', 'virtual'] as const)(
  'D42: the %s key that was found is known by its prefix, and revoked once, as recorded',
  async (kind) => {
    const { world, w } = gateway;
    const { client } = world;
    const key = w[kind];
    const found = await findKey(client, prefixOf(key));
    expect(found).toMatchObject({
      kind: kind === 'api' ? 'API_KEY' : 'VIRTUAL_KEY',
      id: key.id,
      organization: { id: w.organization.id },
      revokedAt: null,
    });
    // Neither its value nor what is kept of that.
    expect(JSON.stringify(found)).not.toMatch(/hash/i);
    const asked = () =>
      gateway.ask(null, '{ __typename }', {}, { authorization: `Bearer ${key.value}` });
    expect((await asked()).errors).toEqual([]);
    const revoked = await revokeFoundKey(client, PRINCIPAL, prefixOf(key));
    expect(revoked?.revokedAt).toBeInstanceOf(Date);
    expect((await asked()).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(await revokeFoundKey(client, PRINCIPAL, prefixOf(key))).toEqual(revoked);
    const entries = await client.auditEntry.findMany({
      where: { resourceId: key.id, action: { endsWith: ':revoke' } },
    });
    expect(entries).toMatchObject([
      { actorKind: 'SYSTEM', actorLabel: 'system:key-revoke', outcome: 'PERMITTED' },
    ]);
    expect(JSON.stringify(entries)).not.toContain(
      String((await client.apiKey.findFirst({ where: { id: key.id } }))?.hash),
    );
  },
);

it('of a prefix that no key has there is none', async () => {
  const { client } = gateway.world;
  for (const prefix of ['hdak_000000000000', 'hdvk_000000000000']) {
    expect(await findKey(client, prefix)).toBeNull();
    expect(await revokeFoundKey(client, PRINCIPAL, prefix)).toBeNull();
  }
});
