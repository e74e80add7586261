import { builder } from '../../graphql/builder.js';
import { PrincipalKindEnum } from '../../graphql/enums.js';
import { refOf } from '../../graphql/refs.js';
import { loadRow } from '../../graphql/relations.js';
import type { RowOf } from '../../graphql/types.js';
import type { Principal } from '../../policy/principal.js';

const PrincipalRef = builder.objectRef<Principal>('Principal').implement({
  description: 'Who acts.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    kind: t.field({
      type: PrincipalKindEnum,
      nullable: false,
      description: 'What sort of principal it is.',
      resolve: (principal) => principal.kind,
    }),
    label: t.exposeString('label', { nullable: false, description: 'What logs call it.' }),
    userId: t.exposeID('userId', { nullable: true, description: 'The user behind it.' }),
    organizationId: t.exposeID('organizationId', {
      nullable: true,
      description: 'The organization it belongs to.',
    }),
  }),
});

/** What of oneself needs no permission. */
const TOLD = (columns: string): string =>
  `its ${columns} are told to you whatever you may read; any other field is FORBIDDEN unless you may read the row.`;

export const ViewerRef = builder.objectRef<Principal>('Viewer').implement({
  description: 'The caller, and what they hold. It says who acts; where, is said by `scope` (D4).',
  authScopes: { signedIn: true },
  fields: (t) => ({
    principal: t.field({
      type: PrincipalRef,
      nullable: false,
      description: 'Who acts.',
      resolve: (principal) => principal,
    }),
    user: t.field({
      type: refOf('User'),
      nullable: true,
      description: `The user that you are: ${TOLD('id, name and email')}`,
      resolve: async ({ userId }, _args, context, info) =>
        (await loadRow('User', userId, context, info)) ??
        ((await context.oneself.user()) as RowOf<'User'> | null),
    }),
    organization: t.field({
      type: refOf('Organization'),
      nullable: true,
      description: `The organization that you belong to: ${TOLD('id and name')}`,
      resolve: async ({ organizationId }, _args, context, info) =>
        (await loadRow('Organization', organizationId, context, info)) ??
        ((await context.oneself.organization()) as RowOf<'Organization'> | null),
    }),
    roles: t.stringList({
      nullable: false,
      description: 'The names of the roles that you hold anywhere, yourself or by a team.',
      resolve: (principal) => roleNames(principal),
    }),
    isPlatformAdmin: t.exposeBoolean('isPlatformAdmin', {
      nullable: false,
      description: 'Whether you administer the platform (D12): a flag, never a role.',
    }),
    hasRole: t.boolean({
      nullable: false,
      description:
        'Whether you hold a role of this name anywhere. For showing and hiding; what you may do is decided by what you hold where.',
      args: { name: t.arg.string({ required: true, description: 'The exact name of the role.' }) },
      resolve: (principal, { name }) => roleNames(principal).includes(name),
    }),
  }),
});

function roleNames({ roles }: Principal): string[] {
  return [...new Set(roles.map((role) => role.name))].sort();
}

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    nullable: true,
    authScopes: { signedIn: true },
    description: 'Who you are and what you hold; an error without a credential.',
    resolve: (_root, _args, { principal }) => principal,
  }),
);
