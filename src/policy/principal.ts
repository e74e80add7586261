import type { DataAccess, PrincipalKind } from './vocabulary.js';

/**
 * Who acts (model §1). Built once a request by the identity room, frozen, and never changed after.
 * Nothing about authority comes from a token: all of it is read from the database (D18).
 */
export interface Principal {
  readonly kind: PrincipalKind;
  /** What a log or an audit entry calls this principal; never used to decide anything. */
  readonly label: string;
  /** The user behind the principal; null for ANONYMOUS, SYSTEM and ownerless keys. */
  readonly userId: string | null;
  /** The key that signed in; null: it is none. */
  readonly keyId: string | null;
  /**
   * What the key is for (D18): `form:read`, and `form:use` for using; null: no key, and so no cap. The grants are those of them
   * alone; what opens by roles has to ask (`isForUse`).
   */
  readonly operations: readonly string[] | null;
  /** The principal's own organization; null for ANONYMOUS and SYSTEM. */
  readonly organizationId: string | null;
  /** Flag on the user (D12). */
  readonly isPlatformAdmin: boolean;
  /** Whether the own organization is a provider (D4). */
  readonly isProvider: boolean;
  readonly teams: TeamMembership;
  readonly roles: readonly HeldRole[];
  readonly grants: readonly Grant[];
  /**
   * Those that count on a condition (D11). INVARIANT: apart from the others, so that who does not think of conditions takes
   * them for nothing held.
   */
  readonly conditional: readonly ConditionalGrant[];
  /** When all this was read, by the database's clock: what a condition calls `context.now`. Null: nothing was. */
  readonly readAt: string | null;
  /**
   * The next instant at which something that is held ends (D48), in ISO 8601; null if nothing does.
   * INVARIANT: from then on this is another principal, though no version is raised.
   */
  readonly validUntil: string | null;
  /** What runs, and who for, where it is an execution (D30); left out: it is none. */
  readonly execution?: Running;
}

/**
 * An attempt of an execution: it acts as its launcher, cut by what its workflow is for (`operations`), and besides
 * reads some of what is where it runs.
 */
export interface Running {
  readonly id: string;
  readonly attempt: number;
  /** What sort of principal launched it: whose authority it is cut from. */
  readonly launcherKind: 'USER' | 'API_KEY' | 'VIRTUAL_KEY';
  /** Where it runs, which may be another organization than its launcher's. */
  readonly organizationId: string;
  /** The chain of the place where it runs, nearest first, up to the organization's root (D30). */
  readonly chain: readonly string[];
  /** Whether it has the execution privilege there: a run of an agent does what a model says, and has none. */
  readonly isPrivileged: boolean;
}

/**
 * The teams of the user, and who else is in them.
 *
 * INVARIANT: a team list that could not be resolved opens nothing under TEAM_DATA (D7).
 */
export type TeamMembership =
  | {
      readonly resolved: true;
      readonly ids: readonly string[];
      /** The users in these teams; null where nobody counted them, and the database has to be asked. */
      readonly memberIds: readonly string[] | null;
    }
  | { readonly resolved: false };

/** An override that disables (D9), as it concerns what somebody holds. */
export interface GrantSwitch {
  readonly disabledAt: string;
  /** inherits(disabledAt): what is held there is switched off from there on. */
  readonly reachedFrom: readonly string[];
  /** Where overrides of the same target, below it, lift it again. */
  readonly liftedAt: readonly string[];
  /** The target: a permission, a role, or the one in the other. */
  readonly permissionId: string | null;
  readonly roleId: string | null;
}

/** What is held at scopes, and the overrides that concern it there: absent, none. */
export interface Switched {
  readonly scopeIds: readonly string[];
  readonly switches?: readonly GrantSwitch[];
}

/**
 * A role and the scopes at which a membership carries it. Of a role that overrides concern at some of them there are several.
 */
export interface HeldRole extends Switched {
  readonly roleId: string;
  readonly name: string;
}

/**
 * One permission with the reach of the role that carries it, and the scopes at which it is held.
 * The reach belongs to the grant: never one role's permission with another role's reach (D7).
 */
export interface Grant extends Switched {
  readonly resourceType: string;
  readonly action: string;
  readonly pattern: string;
  readonly dataAccess: DataAccess;
}

/** A grant that counts on the rows of which its condition is true (D11): JSON Logic, as it is stored. */
export interface ConditionalGrant extends Grant {
  readonly condition: unknown;
}

/** The principal of a request without a credential: it reads the schema and the health (D18). */
export const ANONYMOUS: Principal = Object.freeze({
  kind: 'ANONYMOUS',
  label: 'anonymous',
  userId: null,
  keyId: null,
  operations: null,
  organizationId: null,
  isPlatformAdmin: false,
  isProvider: false,
  teams: Object.freeze({ resolved: true, ids: Object.freeze([]), memberIds: Object.freeze([]) }),
  roles: Object.freeze([]),
  grants: Object.freeze([]),
  conditional: Object.freeze([]),
  readAt: null,
  validUntil: null,
});
