import type { Row, TypeName } from '../../world/types.js';
import { type Settings, TREE_TYPES } from '../../writing/write.js';
import { worldWith } from '../apply.js';
import { cover } from '../coverage.js';
import { type Asking, may } from '../decide.js';
import { canBe } from '../mistakes.js';
import { type Outcome, refuse, writtenAs } from '../outcome.js';
import { isInactive, referring } from '../references.js';
import type { Tree } from '../tree.js';
import { givesWhatItGains, mayAssignWhatIsGained, strays } from './roles.js';
import { mayFlip } from './scope-types.js';
import { isTakenThere } from './scopes.js';

export const isOfTree = ({ type }: Row): boolean =>
  (TREE_TYPES as readonly TypeName[]).includes(type);

/** What says who may do what, as it would be: where several rules refuse at once any may be told. */
export function finishOfTree(
  asking: Asking,
  action: string,
  before: Row | null,
  after: Row,
  set: Settings,
  needs: readonly string[],
): Outcome {
  const { tree, person, place } = asking;
  const world = worldWith(tree.world, before, after);
  // By what is held as the write begins, which it may change.
  const permitted = needs.every((one) => may(asking, one, after));
  if (needs.length > 0) cover('§4 write: the row as it becomes may be written', permitted);
  const flips =
    after.type === 'ScopeType' && before !== null ? mayFlip(asking, before, after) : 'yes';
  const isBuiltIn = after.type === 'ScopeType' && after.one.organization === null;
  const unknown = referring(asking, after, set);
  const problems = [
    ...(permitted ? [] : ['FORBIDDEN']),
    ...(cover('D10 write: a row of its parts can be', canBe(after)) ? [] : ['BAD_USER_INPUT']),
    ...unknown,
    ...(flips === 'no' || (isBuiltIn && !person.isAdmin) ? ['FORBIDDEN'] : []),
    ...(straysIn(asking, after, set) ? ['BAD_USER_INPUT'] : []),
    ...(unknown.length === 0 && !gives(asking, before, after) ? ['FORBIDDEN'] : []),
    ...(isTakenInTree(tree, after) ? ['CONFLICT'] : []),
  ];
  const either = flips === 'either';
  if (problems.length > 0) {
    return refuse(
      ...problems,
      ...(either ? ['FORBIDDEN'] : []),
      ...(isInactive(tree, after) ? ['CONFLICT'] : []),
    );
  }
  return { world, written: [writtenAs(action, before, after, place)], orForbidden: either };
}

/** D21, of what comes to be carried or held. */
function gives(asking: Asking, before: Row | null, after: Row): boolean {
  if (after.type === 'Role') return givesWhatItGains(asking, before, after);
  return after.type !== 'Membership' || mayAssignWhatIsGained(asking, before, after);
}

/** D8, of what is named: what is there already stays. */
function straysIn({ tree }: Asking, after: Row, set: Settings): boolean {
  const part = after.type === 'Role' ? 'permissions' : 'roles';
  const type = after.type === 'Role' ? 'Permission' : 'Role';
  const given = (set[part] ?? []) as readonly string[];
  const rows = given.flatMap((id) => tree.find(type, id.toLowerCase()) ?? []);
  return rows.length > 0 && strays(tree, after.one.scope as string, rows);
}

/** §2: what tells rows of a type from one another where they are. */
const TOLD_BY: Partial<Record<TypeName, readonly (readonly string[])[]>> = {
  ScopeType: [['organization', 'name']],
  Role: [['scope', 'name']],
  Permission: [['scope', 'key']],
  Membership: [
    ['scope', 'user'],
    ['scope', 'team'],
    ['scope', 'apiKey'],
    ['scope', 'virtualKey'],
  ],
};

function isTakenInTree(tree: Tree, row: Row): boolean {
  if (row.type === 'Scope') return isTakenThere(tree, row);
  const said = ({ cells, one }: Row, part: string) => (part in one ? one[part] : cells[part]);
  const taken = (TOLD_BY[row.type] ?? []).some((parts) =>
    tree
      .of(row.type)
      .some(
        (other) =>
          other.id !== row.id &&
          parts.every(
            (part) =>
              said(other, part) === said(row, part) &&
              (said(row, part) !== null || part === 'organization'),
          ),
      ),
  );
  return !cover('§2 write: there is no other such row there', !taken);
}
