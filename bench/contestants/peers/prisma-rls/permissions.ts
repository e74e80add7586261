import type { PermissionsConfig } from 'prisma-rls';
import type { Prisma } from '../../../../src/data/generated/client.js';
import { dataModel } from '../../../../src/data/generated-data-model.js';
import type { Caller } from '../principal.js';

type Permissions = PermissionsConfig<Prisma.TypeMap, Caller>;

/** Columns that the guarded models have in common, so that one condition serves them all. */
type Where = Prisma.FormWhereInput & Prisma.WorkflowWhereInput;
type OwnedWhere = Where & Prisma.ConfigWhereInput;
type GovernedWhere = OwnedWhere & Prisma.RoleWhereInput & Prisma.ScopeWhereInput;

const NOTHING = { id: { in: [] } } satisfies GovernedWhere;

const governed = (scopeIds: readonly string[]) =>
  ({ governedBy: { hasSome: [...scopeIds] } }) satisfies GovernedWhere;

const mine = ({ organizationId }: Caller) => ({ organizationId }) satisfies GovernedWhere;
const global = (where: OwnedWhere | boolean): OwnedWhere =>
  where === false ? NOTHING : { organizationId: null, ...(where === true ? {} : where) };

/** D7 and D8 in the tenant: a grant reaches the row's scope and covers it. */
function managed(caller: Caller, resource: 'form' | 'workflow' | 'config'): OwnedWhere {
  const { all, team, own } = caller.readable[resource];
  const ownRows: OwnedWhere[] = [
    { createdById: caller.id },
    { ownerId: caller.id },
    { createdById: null, ownerId: null, teamId: null },
  ];
  const mates = { in: [...caller.mateIds] };
  const teamRows: OwnedWhere[] = [
    ...ownRows,
    { teamId: { in: [...caller.teamIds] } },
    { createdById: mates },
    { ownerId: mates },
  ];
  const arms: OwnedWhere[] = [];
  if (all.length > 0) arms.push(governed(all));
  if (own.length > 0) arms.push({ ...governed(own), OR: ownRows });
  if (team.length > 0) arms.push({ ...governed(team), OR: teamRows });
  return arms.length === 0 ? NOTHING : { OR: arms };
}

/** D6 in the tenant: open, or bound to a role that is held at the row. */
function used(caller: Caller): Where {
  const rolesAt = new Map<string, string[]>();
  for (const [index, scopeId] of caller.heldScopeIds.entries()) {
    const roleId = caller.heldRoleIds[index];
    if (roleId !== undefined) rolesAt.set(scopeId, [...(rolesAt.get(scopeId) ?? []), roleId]);
  }
  const bound = [...rolesAt].map(([scopeId, roleIds]) => ({
    accessLevel: 'ROLE_BASED',
    roleIds: { hasSome: roleIds },
    ...governed([scopeId]),
  }));
  return { isActive: true, OR: [{ accessLevel: 'AUTHENTICATED' }, ...bound] };
}

const executable = (resource: 'form' | 'workflow') => (caller: Caller) => {
  if (caller.isAdmin) return {};
  const usedGlobal = global({
    isActive: true,
    OR: [
      { accessLevel: 'AUTHENTICATED' },
      { accessLevel: 'ROLE_BASED', roleIds: { hasSome: [...caller.rootRoleIds] } },
    ],
  });
  return {
    OR: [
      { ...mine(caller), AND: [{ OR: [used(caller), managed(caller, resource)] }] },
      caller.readable[resource].global ? global(true) : usedGlobal,
    ],
  } satisfies Where;
};

/** What is read by managing it alone: D17, and roles and scopes, which have no owner. */
const managedOnly = (caller: Caller, tenant: GovernedWhere, readsGlobal: boolean) =>
  caller.isAdmin ? {} : { OR: [{ ...mine(caller), AND: [tenant] }, global(readsGlobal)] };

const denied = { read: false, create: false, update: false, delete: false };
const readOnly = <Read>(read: Read) => ({ ...denied, read });

const everythingElse = Object.fromEntries(
  Object.keys(dataModel).map((model) => [model, denied]),
) as Permissions;

/** What a caller may read, a condition a model; models that are not named here cannot be read. */
export const permissions: Permissions = {
  ...everythingElse,
  Form: readOnly(executable('form')),
  Workflow: readOnly(executable('workflow')),
  Config: readOnly((caller) => {
    const { global: atPlatform, root } = caller.readable.config;
    return managedOnly(caller, managed(caller, 'config') as GovernedWhere, atPlatform || root);
  }),
  Role: readOnly((caller) => {
    const { any, global: atPlatform, root } = caller.readable.role;
    return managedOnly(caller, governed(any), atPlatform || root) as Prisma.RoleWhereInput;
  }),
  Scope: readOnly((caller) => {
    const { any, global: atPlatform } = caller.readable.scope;
    return managedOnly(caller, governed(any), atPlatform) as Prisma.ScopeWhereInput;
  }),
  // A bound role is a management field of the form (D15).
  FormRole: readOnly((caller) => {
    if (caller.isAdmin) return {};
    const tenant = { ...mine(caller), ...managed(caller, 'form') };
    return { form: { is: { OR: [tenant, global(caller.readable.form.global)] } } };
  }),
};
