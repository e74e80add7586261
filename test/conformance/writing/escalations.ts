import { cover } from '../oracle/coverage.js';
import type { Asking } from '../oracle/decide.js';
import { escalated, gainedBeyond } from '../oracle/escalation.js';
import type { Written } from '../oracle/outcome.js';
import { expectSame } from '../questions/difference.js';
import type { World } from '../world/types.js';
import { TREE_TYPES, type Write } from './write.js';

/** Writes that change who can do what with a row, besides those that are made for it. */
const GIVE = /:(move|transfer|update)$/;

/** D21: whatever was written, nobody can do more than who wrote it could have given. */
export function expectGivesNothingAway(
  title: string,
  asking: Asking,
  world: World,
  write: Write,
  rows: readonly Written[],
): void {
  if (asking.person.isAdmin) return;
  const found = (TREE_TYPES as readonly string[]).includes(write.type)
    ? ofTree(asking, world, write, rows)
    : ofRow(asking, world, rows);
  if (found === null) return;
  cover('D21 write: nobody comes to more than could be given', found.length === 0);
  expectSame(`${title}: D21: nobody comes to more than could be given`, found, []);
}

function ofRow(asking: Asking, world: World, rows: readonly Written[]): string[] | null {
  const [only, ...others] = rows;
  if (only === undefined || others.length > 0 || !GIVE.test(only.action)) return null;
  const { before, after } = only;
  if (before === null || after === null || before.type === 'Team') return null;
  return escalated(asking.tree.world, world, asking, before, after);
}

/** What only takes away, or makes what nobody holds yet, gives nothing. */
const TAKES: readonly string[] = ['delete', 'detachPermissions', 'unassignRoles', 'unlink', 'link'];

function ofTree(
  asking: Asking,
  world: World,
  write: Write,
  rows: readonly Written[],
): string[] | null {
  if (TAKES.includes(write.kind)) return null;
  return gainedBeyond(asking.tree.world, world, asking, liftsForAll(write, rows));
}

/** Whether it may lift what is disabled in all roles, and so for who lifts it, too. */
function liftsForAll(write: Write, rows: readonly Written[]): boolean {
  switch (write.kind) {
    case 'setOverride':
      return write.role === undefined;
    case 'removeOverride':
      return rows[0]?.before?.one.role === null;
    case 'batch':
      return write.of === 'link' || write.type === 'ScopeType';
    default:
      return write.kind === 'moveScope' || write.type === 'ScopeType';
  }
}
