import { builder } from '../../graphql/builder.js';
import { organizationOf, readFirst, scopeArgument } from '../../graphql/define-roots.js';
import { placeOf } from '../../graphql/place-args.js';
import { refOf } from '../../graphql/refs.js';

/** `scopeByExternalId`: external ids are unique in an organization, the one acted in (D4). */
export function defineScopeByExternalId(): void {
  builder.queryField('scopeByExternalId', (t) =>
    t.field({
      type: refOf('Scope'),
      nullable: true,
      authScopes: { signedIn: true },
      description:
        'The scope with this id in another system, in the organization acted in; null if there is none that you may read.',
      reads: [],
      meaning: { kind: 'named', model: 'Scope', column: 'externalId', within: 'organization' },
      args: {
        externalId: t.arg.string({ required: true, description: 'Its id in the other system.' }),
        scope: t.arg(scopeArgument),
      },
      resolve: async (_root, { externalId, scope }, context, info) => {
        const place = organizationOf(await placeOf({ scope }, context));
        if (place === null) return null;
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
