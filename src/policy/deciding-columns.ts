import { managingOf, type Ownership, type Policy } from './define-policy.js';
import type { Predicate } from './predicate.js';
import { MANAGE } from './resolve.js';

const OWNERSHIP: Readonly<Record<Ownership, readonly string[]>> = {
  owned: ['createdById', 'ownerId', 'teamId'],
  key: ['createdById', 'ownerId', 'teamId'],
  team: ['createdById'],
  user: [],
  audit: ['actorUserId'],
  launch: ['createdById', 'teamId'],
  none: [],
};

/**
 * The columns of a row by which it is decided in memory whether it permits the action, whoever asks.
 * Where a decision hangs on other rows as well, the database is asked instead.
 */
export function decidingColumns(policy: Policy, action: string): readonly string[] {
  const predicate = action === MANAGE ? managingOf(policy) : policy.actions[action];
  if (predicate === undefined) throw new Error(`policy ${policy.model} has no action ${action}`);
  const columns = new Set(columnsIn(policy, predicate));
  const { home } = policy;
  if (home !== undefined && columns.size > 0) {
    for (const column of [home.organization, home.inherits.field]) columns.add(column);
  }
  return [...columns];
}

function columnsIn(policy: Policy, predicate: Predicate): readonly string[] {
  switch (predicate.kind) {
    case 'used':
      return ['id', 'isActive', 'accessLevel', 'roleIds'];
    case 'created':
      return ['id', 'createdById'];
    case 'launched':
      return ['id', 'createdById', 'launcherKeyId'];
    case 'managed':
      return [
        'id',
        ...OWNERSHIP[policy.ownership],
        ...(policy.name === undefined ? [] : [policy.name]),
        ...(predicate.at === undefined || policy.home?.itself === undefined
          ? []
          : [policy.home.itself]),
      ];
    case 'says':
      return [predicate.column];
    case 'allOf':
    case 'anyOf':
      return predicate.of.flatMap((part) => columnsIn(policy, part));
    default:
      return [];
  }
}
