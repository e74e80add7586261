import { cover } from '../oracle/coverage.js';
import type { Asking } from '../oracle/decide.js';
import { escalated } from '../oracle/escalation.js';
import type { Written } from '../oracle/write.js';
import { expectSame } from '../questions/difference.js';
import type { World } from '../world/types.js';

/** Writes that change who can do what with a row, besides those that are made for it. */
const GIVE = /:(move|transfer|update)$/;

/** D21: whatever was written, nobody can do more with a row than who wrote it could have given. */
export function expectGivesNothingAway(
  title: string,
  asking: Asking,
  world: World,
  rows: readonly Written[],
): void {
  if (asking.person.isAdmin) return;
  const [only, ...others] = rows;
  if (only === undefined || others.length > 0 || !GIVE.test(only.action)) return;
  const { before, after } = only;
  if (before === null || after === null || before.type === 'Team') return;
  const found = escalated(asking.tree.world, world, asking, before, after);
  cover('D21 write: nobody comes to more than could be given', found.length === 0);
  expectSame(`${title}: D21: nobody comes to more than could be given`, found, []);
}
