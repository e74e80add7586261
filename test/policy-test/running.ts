import { developmentSubject, signDevelopmentToken } from '../../src/identity/development-token.js';
import { AUDIENCE, gatewayWith, ISSUER, SECRET } from '../support/gateway.js';
import { SYSTEM } from '../support/world.js';

/** A gateway with three people of whom a file can speak, for the tests of one file. */
export function policyWorld() {
  const shared = gatewayWith(async (world) => {
    const a = await world.organization('A');
    const site = await world.scope(a, 'site', 'Project', { externalId: 'site' });
    const olga = await world.user(a, 'olga');
    const joe = await world.user(a, 'joe');
    const tom = await world.user(a, 'tom');
    await world.hold(olga, SYSTEM.Owner, a);
    await world.hold(joe, SYSTEM.Editor, site);
    const order = await world.row('form', site, 'Order', { access: 'ROLE_BASED' });
    await world.row('form', a, 'Order', { access: 'ROLE_BASED' });
    return { a, olga, joe, tom, order };
  });
  return {
    shared,
    tokenOf: (email: string) =>
      signDevelopmentToken({
        ...{ secret: SECRET, issuer: ISSUER, audience: AUDIENCE, email, ttl: 600 },
        subject: developmentSubject(email),
      }),
    /** What a file says that has these expectations; `more` people stand behind the three. */
    fileOf(expectations: string, more = ''): string {
      const { olga, joe, tom } = shared.w;
      return `gateway:
  asker: olga
  people: { olga: ${olga.email}, joe: ${joe.email}, tom: ${tom.email}${more} }
  scopes: { site: { externalId: site } }
expect:
${expectations}`;
    },
  };
}
