import type { Row } from '../../world/types.js';
import type { RemoveOverride, SetOverride } from '../../writing/write.js';
import { changed, newRow, worldWith } from '../apply.js';
import { cover } from '../coverage.js';
import { type Asking, may, mayRead } from '../decide.js';
import { found, type Outcome, readable, refuse, spotOf, writtenAs } from '../outcome.js';
import { placeNamed } from '../place.js';
import { tenantOf } from '../tree.js';
import { holdsRegained } from './lifting.js';

/**
 * D9: who may set overrides at a scope disables there what they see; to enable lifts what is disabled above, by who could
 * have set that and holds what others regain (D21).
 */
export function setOverride(asking: Asking, write: SetOverride, fresh: string): Outcome {
  const { tree, person } = asking;
  const place = placeNamed(tree, person, write.scope, asking.place);
  if (!cover('D4 write: the scope can be acted in', place !== null) || place === null) {
    return refuse('SCOPE_FORBIDDEN');
  }
  const there = { ...asking, place };
  const { state } = write;
  const targets = [
    readable(there, 'Role', write.role === undefined ? [] : [write.role]),
    readable(there, 'Permission', write.permission === undefined ? [] : [write.permission]),
  ];
  const named = write.role !== undefined || write.permission !== undefined;
  if (!cover('D9 write: an override is of something', named)) return refuse('BAD_USER_INPUT');
  if (targets.includes(undefined)) return refuse('BAD_USER_INPUT');
  const [role = null, permission = null] = targets.map((rows) => rows?.[0] ?? null);
  const scope = spotOf(place);
  const organization = tenantOf(tree.get('Scope', scope));
  const one = { organization, scope, role: role?.id ?? null, permission: permission?.id ?? null };
  const proposed = { ...newRow('ScopeOverride', fresh), one };
  const set: Row = { ...proposed, cells: { ...proposed.cells, state } };
  const before = tree
    .of('ScopeOverride')
    .find(({ one: other }) =>
      ['scope', 'role', 'permission'].every(
        (name) => other[name] === one[name as keyof typeof one],
      ),
    );
  const makes = may(there, 'create', set);
  const problems: string[] = [];
  if (before === undefined) {
    if (!cover('§4 write: an override may be made', makes)) problems.push('FORBIDDEN');
    if (write.version !== undefined) problems.push('CONFLICT');
  } else if (!cover('D14 write: the override that is there may be read', mayRead(there, before))) {
    // Hidden, it occupies its place, as who could not set one is not told.
    return refuse(makes ? 'CONFLICT' : 'FORBIDDEN');
  } else {
    const same = found(there, { ...write, id: before.id }, ['update']);
    if (typeof same === 'string') return refuse(same);
  }
  // D20: of its own organization, or global.
  const near = [role, permission].every(
    (row) => row === null || [null, organization].includes(tenantOf(row)),
  );
  if (!cover('D20 write: an override is of what is near', near)) problems.push('BAD_USER_INPUT');
  const after =
    before === undefined ? set : changed({ ...before, cells: { ...before.cells, state } });
  const enables = state === 'ENABLED';
  const above = enables ? disabledAbove(there, after) : [];
  if (enables) {
    const seen = above.length > 0 && above.every((row) => mayRead(there, row));
    if (!cover('D9 write: to enable lifts what is disabled above', seen)) problems.push('CONFLICT');
    const settable = above.every((row) => may(there, 'create', row));
    if (!cover('D9 write: who lifts could have set what is lifted', settable)) {
      problems.push('FORBIDDEN');
    }
  }
  const lifts = enables && before?.cells.state !== 'ENABLED';
  const either = lifts && !holdsRegained(there, after);
  if (problems.length > 0) return refuse(...problems, ...(either ? ['FORBIDDEN'] : []));
  return {
    world: worldWith(tree.world, before ?? null, after),
    written: [
      before === undefined
        ? writtenAs('create', null, after, place)
        : writtenAs('update', before, after, place),
    ],
    orForbidden: either,
  };
}

/** What of the same is disabled above and not enabled nearer. */
function disabledAbove({ tree }: Asking, { one }: Row): Row[] {
  const same = tree
    .of('ScopeOverride')
    .filter((other) => other.one.role === one.role && other.one.permission === one.permission);
  const found: Row[] = [];
  for (const at of tree.inherits(String(one.scope)).slice(1)) {
    const row = same.find((other) => other.one.scope === at);
    if (row?.cells.state === 'ENABLED') return found;
    if (row !== undefined) found.push(row);
  }
  return found;
}

/** D21: where it disabled, others regain what it took: by who holds that. */
export function removeOverride(asking: Asking, write: RemoveOverride): Outcome {
  const before = found(asking, write, ['delete']);
  if (typeof before === 'string') return refuse(before);
  const either = before.cells.state === 'DISABLED' && !holdsRegained(asking, before);
  return {
    world: worldWith(asking.tree.world, before, null),
    written: [writtenAs('delete', before, null, asking.place)],
    orForbidden: either && !asking.person.isAdmin,
  };
}
