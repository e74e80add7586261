import type { SystemQueries } from '../data/system-queries.js';
import { forbidden } from '../errors.js';
import type { Principal } from '../policy/principal.js';
import { type DataModel, shapeOf } from '../query/data-model.js';

/**
 * What everybody may know of themselves: the name and email of their user, and the name of their
 * organization. Read once a request, and only if asked for.
 *
 * INVARIANT: neither takes an id. They are about the principal, and nobody else.
 */
export interface Oneself {
  readonly user: () => Promise<object | null>;
  readonly organization: () => Promise<object | null>;
}

/**
 * Whose row a principal is told of, whatever they may read. Null is who has no user, or no organization: a key of nobody, the
 * system. INVARIANT: a key is told of its owner what it is for, and may read, alone.
 */
export function toldOf(
  { userId, keyId, organizationId }: Principal,
  model: 'User' | 'Organization',
): string | null {
  if (model === 'Organization') return organizationId;
  return keyId === null ? userId : null;
}

/** What a principal is told of themselves, read once. */
export function oneselfOf(
  principal: Principal,
  { findUser, findOrganization }: SystemQueries,
  dataModel: DataModel,
): Oneself {
  const once = (model: string, id: string | null, find: (id: string) => Promise<object | null>) => {
    let found: Promise<object | null> | undefined;
    return () => {
      found ??= id === null ? Promise.resolve(null) : find(id).then(partOf(dataModel, model));
      return found;
    };
  };
  return {
    user: once('User', toldOf(principal, 'User'), findUser),
    organization: once('Organization', toldOf(principal, 'Organization'), findOrganization),
  };
}

/**
 * A row of which nothing but these columns may be known: any other is FORBIDDEN (D14: readable, but not
 * permitted). It is of the same type as the whole row, because a client's store keeps one object an id.
 *
 * INVARIANT: the other columns were never read. This only makes an error of what would be missing.
 */
function partOf(dataModel: DataModel, model: string) {
  return (known: object | null): object | null => {
    if (known === null) return null;
    const others = Object.keys(shapeOf(dataModel, model).fields).filter((name) => !(name in known));
    const get = () => {
      throw forbidden();
    };
    return Object.defineProperties(
      { ...known },
      Object.fromEntries(others.map((name) => [name, { get, enumerable: false }])),
    );
  };
}
