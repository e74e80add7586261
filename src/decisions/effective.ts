import { forbidden, notFound } from '../errors.js';
import { evaluate } from '../policy/evaluate.js';
import type { Grant } from '../policy/principal.js';
import { isOnAt } from '../policy/switches.js';
import type { DataAccess } from '../policy/vocabulary.js';
import { oneOf } from '../query/filter.js';
import type { Context } from '../request/context.js';
import { resolvePlace } from '../request/place.js';
import type { Asked } from './asked.js';
import { residualOf } from './inspected.js';
import { foreignPolicy } from './kinds.js';
import { anyRowAt, inspectsAt, type Spot, spotOf } from './spot.js';
import { placeAs, type Subject, subjectOf } from './subject.js';

/** A permission that counts at a scope, and each way in which it comes to count there. */
export interface Effective extends Omit<Grant, 'scopeIds' | 'switches'> {
  /** It counts on the rows of which its condition is true alone (D11). */
  readonly isConditional: boolean;
  readonly through: readonly Through[];
}

/** A role at a scope that reaches this one (D8); null where the asker may not read the role. */
export interface Through {
  readonly roleId: string | null;
  readonly heldAtId: string;
  /** Whether that is another scope, above. */
  readonly inherited: boolean;
}

/** What somebody holds that counts at a scope. */
export interface Holding {
  readonly isPlatformAdmin: boolean;
  readonly permissions: readonly Effective[];
}

/**
 * Every permission that counts at a scope, with the roles that carry it, of those that the asker may read, and where they
 * are held. Of somebody else it needs `permission:inspect` there.
 *
 * @throws DomainError SCOPE_FORBIDDEN; NOT_FOUND: no such subject that may be read; FORBIDDEN
 */
export async function effectivePermissions(
  context: Context,
  asked: Pick<Asked, 'scope' | 'subject'>,
): Promise<Holding> {
  const [place, subject] = await Promise.all([
    resolvePlace(context.principal, asked.scope, context.findScope, context.place),
    subjectOf(context, asked.subject),
  ]);
  if (subject === 'hidden') throw notFound();
  if (subject === 'idle') return { isPlatformAdmin: false, permissions: [] };
  const there = placeAs(subject, place, asked.scope !== undefined);
  if (there === null) return { isPlatformAdmin: false, permissions: [] };
  const spot = await spotOf(there, context);
  if (!subject.isAsker && !inspectsAt(context, spot)) throw forbidden();
  return {
    isPlatformAdmin: subject.as.principal.isPlatformAdmin,
    permissions: await countingAt(context, subject, spot),
  };
}

/** The grants of a subject that count at a spot, each with what it comes through. */
export async function countingAt(
  context: Context,
  { as: { principal, decisionsAt, place } }: Subject,
  spot: Spot,
  isAbout: (grant: Grant) => boolean = () => true,
): Promise<Effective[]> {
  const { policies } = decisionsAt(place);
  // By the algebra itself, a grant at a time, so that whatever makes one count is asked there alone.
  const counts = (grant: Grant): boolean => {
    const policy = foreignPolicy(grant.resourceType, grant.action);
    // As if they belonged there: that they may act there was asked before (D4).
    const organizationId = spot.organizationId ?? principal.organizationId;
    const none = { roles: [], conditional: [] };
    const alone = {
      ...principal,
      ...none,
      organizationId,
      isPlatformAdmin: false,
      grants: [grant],
    };
    const switched =
      spot.organizationId !== null && spot.organizationId !== principal.organizationId;
    const decisions = { policies, principal: alone, place: { ...place, switched } };
    const row = { ...anyRowAt(policy, spot), organizationId: spot.organizationId };
    return evaluate(residualOf(decisions, policy, grant.action), row) !== 'no';
  };
  const all = [
    ...principal.grants.map((grant) => ({ ...grant, isConditional: false })),
    ...principal.conditional.map(({ condition: _any, ...grant }) => ({
      ...grant,
      isConditional: true,
    })),
  ];
  const held = all.filter((grant) => isAbout(grant) && counts(grant));
  const carrying = await rolesCarrying(context, rolesAt(principal.roles, spot));
  return held.map(({ scopeIds, ...grant }) => ({
    ...grant,
    through: scopeIds
      .filter((id) => spot.inheritsFrom.includes(id))
      .flatMap((heldAtId) => {
        const inherited = heldAtId !== spot.scopeId;
        const here = principal.roles.filter(
          (role) => role.scopeIds.includes(heldAtId) && isOnAt(role, spot.inheritsFrom),
        );
        const known = here.filter(({ roleId }) => carrying.get(roleId)?.has(keyOf(grant)));
        const roleIds = known.length === 0 ? [null] : known.map(({ roleId }) => roleId);
        return roleIds.map((roleId) => ({ roleId, heldAtId, inherited }));
      }),
  }));
}

const rolesAt = (
  roles: readonly { readonly roleId: string; readonly scopeIds: readonly string[] }[],
  { inheritsFrom }: Spot,
): string[] =>
  roles
    .filter(({ scopeIds }) => scopeIds.some((id) => inheritsFrom.includes(id)))
    .map(({ roleId }) => roleId);

type Carried = Pick<Effective, 'resourceType' | 'action' | 'pattern' | 'isConditional'> & {
  readonly dataAccess: DataAccess;
};
const keyOf = ({ resourceType, action, pattern, dataAccess, isConditional }: Carried): string =>
  `${resourceType}:${action}:${pattern} ${dataAccess} ${isConditional}`;

interface RoleRow {
  readonly id: string;
  readonly dataAccess: DataAccess;
  readonly permissions: readonly {
    readonly permission: {
      readonly resourceType: string;
      readonly action: string;
      readonly resourcePattern: string;
      readonly contentBytes: number;
    } | null;
  }[];
}

/** What each role carries, of the roles and permissions that the asker may read: they are guarded like any other. */
async function rolesCarrying(
  context: Context,
  roleIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (roleIds.length === 0) return new Map();
  const permission = {
    select: { columns: ['resourceType', 'action', 'resourcePattern', 'contentBytes'] },
  };
  const rows = await context.readerAt(context.place).find({
    model: 'Role',
    where: oneOf('id', [...new Set(roleIds)]),
    select: {
      columns: ['id', 'dataAccess'],
      relations: {
        permissions: { select: { columns: ['permissionId'], relations: { permission } } },
      },
    },
  });
  return new Map(
    (rows as unknown as RoleRow[]).map(({ id, dataAccess, permissions }) => {
      const carried = permissions.flatMap(({ permission: one }) =>
        one === null
          ? []
          : [
              keyOf({
                resourceType: one.resourceType,
                action: one.action,
                pattern: one.resourcePattern,
                dataAccess,
                isConditional: one.contentBytes > 0,
              }),
            ],
      );
      return [id, new Set(carried)];
    }),
  );
}
