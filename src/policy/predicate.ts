import { ACTIONS, type DataAccess, type ResourceType } from './vocabulary.js';

/**
 * A policy's predicate before principal and place are known: data, never a closure. The words of
 * the model (§4); `resolve` turns them into a Residual over the columns of a row.
 */
export type Predicate =
  | { readonly kind: 'always' }
  | { readonly kind: 'never'; readonly because: string }
  | { readonly kind: 'allOf'; readonly of: readonly Predicate[] }
  | { readonly kind: 'anyOf'; readonly of: readonly Predicate[] }
  /** Use of D6: the row is active and its access level lets the principal in. */
  | { readonly kind: 'used' }
  /** Manage of §4: some grant for the action reaches the row. */
  | {
      readonly kind: 'managed';
      readonly resource: ResourceType;
      readonly action: string;
      /** Which grants count; all of them where nothing is said. */
      readonly grants?: GrantsThatCount;
      /** Of rows that are scopes: by what reaches the scope itself, not the place where it lives. */
      readonly at?: 'itself';
    }
  /** D31: the row was launched by the principal: by the same user, or else by the same key. */
  | { readonly kind: 'launched' }
  /** D35: the principal's user made the row. */
  | { readonly kind: 'created' }
  /** A column of the row is exactly this word. */
  | { readonly kind: 'says'; readonly column: string; readonly word: string }
  /** The to-one relation's row permits the action to the principal. */
  | { readonly kind: 'via'; readonly relation: string; readonly action: string };

/** Grants of these reaches, and of this pattern, alone. */
export interface GrantsThatCount {
  readonly reach: readonly DataAccess[];
  readonly pattern?: '*';
}

/** The grants that cover whatever lives where they reach. */
export const WHOLE: GrantsThatCount = { reach: ['ALL_DATA'], pattern: '*' };

export const always: Predicate = { kind: 'always' };
export const never = (because: string): Predicate => ({ kind: 'never', because });
export const allOf = (...of: Predicate[]): Predicate => ({ kind: 'allOf', of });
export const anyOf = (...of: Predicate[]): Predicate => ({ kind: 'anyOf', of });
export const used: Predicate = { kind: 'used' };
export const created: Predicate = { kind: 'created' };
export const launched: Predicate = { kind: 'launched' };
export const says = (column: string, word: string): Predicate => ({ kind: 'says', column, word });
export const via = (relation: string, action = 'read'): Predicate => ({
  kind: 'via',
  relation,
  action,
});

/** A permission by its name, `resource:action`. Throws on one that the vocabulary does not have. */
export function managed(
  permission: `${ResourceType}:${string}`,
  grants?: GrantsThatCount,
): Predicate {
  const [resource, action, ...rest] = permission.split(':');
  if (!isResourceType(resource) || action === undefined || rest.length > 0) {
    throw new Error(`unknown permission "${permission}"`);
  }
  if (!(ACTIONS[resource] as readonly string[]).includes(action)) {
    throw new Error(`unknown action in permission "${permission}"`);
  }
  return { kind: 'managed', resource, action, ...(grants === undefined ? {} : { grants }) };
}

/** The same, decided at the scope that the row is (model §2): its name, meta and members are its own. */
export const managedAtItself = (permission: `${ResourceType}:${string}`): Predicate =>
  ({ ...managed(permission), at: 'itself' }) as Predicate;

function isResourceType(name: string | undefined): name is ResourceType {
  return name !== undefined && Object.hasOwn(ACTIONS, name);
}
