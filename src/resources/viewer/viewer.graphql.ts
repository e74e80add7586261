import { scopeForbidden } from '../../errors.js';
import { builder } from '../../graphql/builder.js';
import { PrincipalKindEnum } from '../../graphql/enums.js';
import { refOf } from '../../graphql/refs.js';
import { loadRow } from '../../graphql/relations.js';
import type { RowOf } from '../../graphql/types.js';
import type { Principal } from '../../policy/principal.js';
import { roleNamesAt } from '../../policy/roles-at.js';
import { canActAnywhere } from '../../policy/situation.js';
import type { Tell } from '../../query/meaning.js';
import type { Context } from '../../request/context.js';
import { resolvePlace } from '../../request/place.js';

/** What is known of a principal without asking for it. */
const told = (tell: Tell) => ({ reads: [], meaning: { kind: 'told' as const, tell } });

const PrincipalRef = builder.objectRef<Principal>('Principal').implement({
  description: 'Who acts.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    kind: t.field({
      type: PrincipalKindEnum,
      nullable: false,
      ...told(({ kind }) => kind),
      description: 'What sort of principal it is.',
      resolve: (principal) => principal.kind,
    }),
    label: t.exposeString('label', {
      nullable: false,
      ...told(({ label }) => label),
      description: 'What logs call it.',
    }),
    userId: t.exposeID('userId', {
      nullable: true,
      ...told(({ userId }) => userId),
      description: 'The user behind it.',
    }),
    organizationId: t.exposeID('organizationId', {
      nullable: true,
      ...told(({ organizationId }) => organizationId),
      description: 'The organization it belongs to.',
    }),
  }),
});

/** What of oneself needs no permission. */
const TOLD = (columns: string): string =>
  `its ${columns} are told to you whatever you may read; any other field is FORBIDDEN unless you may read the row.`;

const RunningRef = builder.objectRef<Principal>('ViewerExecution').implement({
  description: 'An attempt of an execution, as it knows itself.',
  authScopes: { signedIn: true },
  fields: (t) => ({
    id: t.id({
      nullable: false,
      description: 'The execution.',
      resolve: ({ execution }) => String(execution?.id),
    }),
    attempt: t.int({
      nullable: false,
      description: 'Which attempt of it this is.',
      resolve: ({ execution }) => Number(execution?.attempt),
    }),
    organizationId: t.id({
      nullable: false,
      description: 'The organization that it runs in.',
      resolve: ({ execution }) => String(execution?.organizationId),
    }),
    scopeId: t.id({
      nullable: false,
      description:
        'The place that it runs at: what lies in the chain of it, up to the organization’s root, is read by its privilege (D30).',
      resolve: ({ execution }) => String(execution?.chain[0]),
    }),
    isPrivileged: t.boolean({
      nullable: false,
      description: 'Whether it has the execution privilege (D30); a run of an agent has none.',
      resolve: ({ execution }) => execution?.isPrivileged === true,
    }),
    bypass: t.boolean({
      nullable: false,
      description:
        'Whether it may act in other organizations, as who launched it may: of global workflows, and of a provider’s own, alone.',
      resolve: (principal) => canActAnywhere(principal),
    }),
  }),
});

export const ViewerRef = builder.objectRef<Principal>('Viewer').implement({
  description: 'The caller, and what they hold. It says who acts; where, is said by `scope` (D4).',
  authScopes: { signedIn: true },
  fields: (t) => ({
    principal: t.field({
      type: PrincipalRef,
      nullable: false,
      reads: [],
      meaning: { kind: 'principal' },
      description: 'Who acts.',
      resolve: (principal) => principal,
    }),
    user: t.field({
      type: refOf('User'),
      nullable: true,
      reads: [],
      meaning: { kind: 'oneself', model: 'User', columns: ['id', 'name', 'email'] },
      description: `The user that you are: ${TOLD('id, name and email')}`,
      resolve: async ({ userId }, _args, context, info) =>
        (await loadRow('User', userId, context, info)) ??
        ((await context.oneself.user()) as RowOf<'User'> | null),
    }),
    organization: t.field({
      type: refOf('Organization'),
      nullable: true,
      reads: [],
      meaning: { kind: 'oneself', model: 'Organization', columns: ['id', 'name'] },
      description: `The organization that you belong to: ${TOLD('id and name')}`,
      resolve: async ({ organizationId }, _args, context, info) =>
        (await loadRow('Organization', organizationId, context, info)) ??
        ((await context.oneself.organization()) as RowOf<'Organization'> | null),
    }),
    roles: t.stringList({
      nullable: false,
      // Of a scope the tree has to be asked, which is not told by who asks.
      ...told((principal, { scope }) => (scope === undefined ? roleNames(principal) : undefined)),
      description:
        'The names of the roles that you hold, yourself or by a team: anywhere, or at a place, where those count that are inherited into it (D38). For showing and hiding alone.',
      args: {
        scope: t.arg.id({
          description:
            'Where (D4): omitted, anywhere; null, for global rows; a scope or an organization by id, there.',
        }),
      },
      resolve: (principal, { scope }, context) => rolesIn(principal, scope, context),
    }),
    isPlatformAdmin: t.exposeBoolean('isPlatformAdmin', {
      nullable: false,
      ...told(({ isPlatformAdmin }) => isPlatformAdmin),
      description: 'Whether you administer the platform (D12): a flag, never a role.',
    }),
    execution: t.field({
      type: RunningRef,
      nullable: true,
      reads: [],
      description:
        'The execution whose token this is (D30, D38): then you act as who launched it; null for everybody else.',
      resolve: (principal) => (principal.execution === undefined ? null : principal),
    }),
    hasRole: t.boolean({
      nullable: false,
      ...told((principal, { name }) => roleNames(principal).includes(name as string)),
      description:
        'Whether you hold a role of this name anywhere. For showing and hiding; what you may do is decided by what you hold where.',
      args: { name: t.arg.string({ required: true, description: 'The exact name of the role.' }) },
      resolve: (principal, { name }) => roleNames(principal).includes(name),
    }),
  }),
});

/** D38. Throws SCOPE_FORBIDDEN where the principal cannot act. */
async function rolesIn(
  principal: Principal,
  scope: string | null | undefined,
  context: Pick<Context, 'findScope' | 'place'>,
): Promise<string[]> {
  if (scope === undefined) return roleNames(principal);
  const { chain, organizationId } = await resolvePlace(principal, scope, context.findScope);
  const [nearest] = chain;
  if (nearest === undefined) return roleNamesAt(principal, { globalIn: organizationId });
  const found = await context.findScope(nearest);
  if (found === null) throw scopeForbidden();
  return roleNamesAt(principal, found);
}

function roleNames({ roles }: Principal): string[] {
  return [...new Set(roles.map((role) => role.name))].sort();
}

builder.queryField('viewer', (t) =>
  t.field({
    type: ViewerRef,
    nullable: true,
    reads: [],
    meaning: { kind: 'principal' },
    authScopes: { signedIn: true },
    description: 'Who you are and what you hold; an error without a credential.',
    resolve: (_root, _args, { principal }) => principal,
  }),
);
