import type { Speakable } from './condition.js';
import type { Predicate } from './predicate.js';

/**
 * Where the rows of a model live (model §2), that is, which scope's grants reach them. Each part
 * names columns; the database keeps the arrays (D8).
 */
export interface Home {
  /** The column that holds the scope at which a row lives, or the organization at whose root it does. */
  readonly scope: string;
  /** The column that holds the row's organization; null in it means global. */
  readonly organization: string;
  /** Whether rows without an organization exist at all; the schema says (`completePolicies`). */
  readonly hasGlobalRows: boolean;
  /**
   * Where inherits(home) is found: an array column, or the column of the organization at whose root the row
   * lives, which inherits nothing and whose id follows from the organization's (D1).
   */
  readonly inherits:
    | { readonly kind: 'array' | 'root'; readonly field: string }
    /** An array column as it was then, and that of the same name on the relation's row as it is now. */
    | { readonly kind: 'recorded'; readonly field: string; readonly relation: string };
  /** Of rows that are scopes: the array column of inherits(itself), for what is decided there and not at home. */
  readonly itself?: string;
}

/** At the row's own `scopeId`. */
export const atScope: Home = {
  scope: 'scopeId',
  organization: 'organizationId',
  hasGlobalRows: true,
  inherits: { kind: 'array', field: 'governedBy' },
};

/**
 * At the scope where it was, of what outlives its scope: a grant counts if it reached that one then and does so
 * now. What is moved takes nobody along who could not read it before, and who was cut off stays so.
 */
export const atScopeThen: Home = {
  scope: 'scopeId',
  organization: 'organizationId',
  hasGlobalRows: true,
  inherits: { kind: 'recorded', field: 'governedBy', relation: 'place' },
};

/** At the parent, as a scope does; a root at itself. */
export const atParentScope: Home = {
  scope: 'homeId',
  organization: 'organizationId',
  hasGlobalRows: true,
  inherits: { kind: 'array', field: 'governedBy' },
  itself: 'inheritsFrom',
};

/** At the root of the row's organization: a root is DEFINE, so it inherits from itself alone. */
export const atOrganizationRoot = (field = 'organizationId'): Home => ({
  scope: field,
  organization: field,
  hasGlobalRows: true,
  inherits: { kind: 'root', field },
});

/** How ownership narrows a grant with OWN_DATA or TEAM_DATA (D7). */
export type Ownership =
  /** Creator, owner and team columns. */
  | 'owned'
  /** The same of a key, which is its owner's and not its creator's own (D40). */
  | 'key'
  /** A team: its members and its creator. */
  | 'team'
  /** A user: oneself and teammates. */
  | 'user'
  /** An entry of the record: who acted, and teammates; global ones too, and never without an actor (D40). */
  | 'audit'
  /** An execution: who launched it, and teammates (D31); what a key of nobody launched is under no reach but all. */
  | 'launch'
  /** Neither creator, owner nor team: readable under every reach, writable with ALL_DATA only. */
  | 'none';

export interface PolicyDeclaration {
  /** What the vocabulary calls the type, as keys name what they are for (D18). Without it no key uses its rows. */
  readonly resource?: string;
  /** Absent on rows that live nowhere of their own, such as those of a join table. */
  readonly home?: Home;
  readonly ownership?: Ownership;
  /** The column that a permission's pattern compares besides the id (D10). */
  readonly name?: string;
  /** The column by which rows are looked up through the cascade and shadow one another (D2). */
  readonly cascadesBy?: string;
  /** Whether a read grant at the organization's root also reads global rows (D8). */
  readonly readsGlobalRows?: boolean;
  readonly actions: { readonly read: Predicate } & Readonly<Record<string, Predicate>>;
  /** What an execution may do besides with the rows in the chain of its place, and global ones (D30). */
  readonly privilege?: readonly string[];
  /** What management fields need, where that is not the managed part of reading (D15). */
  readonly managing?: Predicate;
  /** The models that `via` predicates lead to, by relation. */
  readonly relations?: Readonly<Record<string, string>>;
  /** Every column and relation that may be filtered, sorted or related by; others are refused. */
  readonly fields: {
    readonly open: readonly string[];
    /** Need Manage(read) on the row (D15). */
    readonly managed?: readonly string[];
    /** Never leave the database, whoever asks. */
    readonly sealed?: readonly string[];
    /** Ids that an open column tells although the row that they name may be hidden or gone (D44). */
    readonly told?: readonly string[];
  };
}

export interface Policy extends PolicyDeclaration {
  readonly model: string;
  /** What conditions may speak of (D11); the schema says (`completePolicies`). */
  readonly speakable?: Speakable;
  /** Whether every row has a creator, an owner or a team, because a column requires it; the schema says (`completePolicies`). */
  readonly isNeverNobodys?: boolean;
  readonly ownership: Ownership;
}

/**
 * One declaration a model: where its rows live, who may do what, which fields need more.
 * Throws on a declaration that contradicts itself.
 */
export function definePolicy(model: string, declaration: PolicyDeclaration): Policy {
  const { open, managed = [], sealed = [] } = declaration.fields;
  const all = [...open, ...managed, ...sealed];
  const twice = all.find((field, index) => all.indexOf(field) !== index);
  if (twice !== undefined) throw new Error(`policy ${model} names the field ${twice} twice`);
  for (const [action, predicate] of Object.entries(declaration.actions)) {
    if (needsHome(predicate) && declaration.home === undefined) {
      throw new Error(`policy ${model} decides ${action} by place, but says no home`);
    }
    if (needsItself(predicate) && declaration.home?.itself === undefined) {
      throw new Error(`policy ${model} decides ${action} at rows that are no scopes`);
    }
  }
  if (managed.length > 0 && managingOf(declaration) === undefined) {
    throw new Error(`policy ${model} has managed fields, but its read is not managed`);
  }
  return Object.freeze({ ownership: 'none', ...declaration, model });
}

function needsHome(predicate: Predicate): boolean {
  switch (predicate.kind) {
    case 'used':
    case 'managed':
      return true;
    case 'allOf':
    case 'anyOf':
      return predicate.of.some(needsHome);
    default:
      return false;
  }
}

function needsItself(predicate: Predicate): boolean {
  if (predicate.kind === 'managed') return predicate.at === 'itself';
  return 'of' in predicate && predicate.of.some(needsItself);
}

/** What management fields need (D15): Manage(read), unless the policy says otherwise. */
export function managingOf({
  actions,
  managing,
}: Pick<PolicyDeclaration, 'actions' | 'managing'>): Predicate | undefined {
  return managing ?? managingPredicate(actions.read);
}

/** Manage(read), the part of `read` that management fields need (D15). */
export function managingPredicate(read: Predicate): Predicate | undefined {
  if (read.kind === 'managed') return read;
  if (read.kind !== 'anyOf') return undefined;
  return read.of.find((part) => part.kind === 'managed');
}

/** The policies of all models, by name. */
export type Policies = ReadonlyMap<string, Policy>;

/** Gathers policies; throws when two speak of one model. */
export function policySet(policies: readonly Policy[]): Policies {
  const byModel = new Map<string, Policy>();
  for (const policy of policies) {
    if (byModel.has(policy.model)) throw new Error(`two policies for ${policy.model}`);
    byModel.set(policy.model, policy);
  }
  return byModel;
}
