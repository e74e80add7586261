import { builder } from '../../graphql/builder.js';
import { readFirst, scopeArgument } from '../../graphql/define-roots.js';
import { placeOf } from '../../graphql/place-args.js';
import { refOf } from '../../graphql/refs.js';
import type { Place } from '../../policy/situation.js';

/** `scopeByExternalId`: external ids are unique in an organization, the one acted in (D4). */
export function defineScopeByExternalId(): void {
  builder.queryField('scopeByExternalId', (t) =>
    t.field({
      type: refOf('Scope'),
      nullable: true,
      authScopes: { signedIn: true },
      description:
        'The scope with this id in another system, in the organization acted in; null if there is none that you may read.',
      args: {
        externalId: t.arg.string({ required: true, description: 'Its id in the other system.' }),
        scope: t.arg(scopeArgument),
      },
      resolve: async (_root, { externalId, scope }, context, info) => {
        const asked = await placeOf({ scope }, context);
        const { organizationId } = asked;
        if (organizationId === null || asked.coverage.kind === 'global') return null;
        const place: Place = { ...asked, coverage: { kind: 'organization', organizationId } };
        return readFirst(
          'Scope',
          ['externalId', externalId],
          place,
          { kind: 'placed', tier: 'tenant' },
          context,
          info,
        );
      },
    }),
  );
}
