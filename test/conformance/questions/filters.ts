import { CATALOG, type CellKind } from '../catalog.js';
import type { Where } from '../oracle/filter.js';
import type { Row, TypeName } from '../world/types.js';
import type { Random } from './random.js';
import type { Session } from './session.js';

/** Whether the rows asked about are those of the list, or related ones, which take no relations. */
type Of = 'list' | 'related';

/** A random `where` for a type, with values that some row has. */
export function someWhere(
  session: Session,
  type: TypeName,
  random: Random,
  of: Of = 'list',
  depth = 2,
): Where {
  const first = somePart(session, type, random, of, depth);
  return random.chance(0.7) ? first : { ...first, ...somePart(session, type, random, of, 0) };
}

function somePart(session: Session, type: TypeName, random: Random, of: Of, depth: number): Where {
  const again = (): Where => someWhere(session, type, random, of, depth - 1);
  const { toOne, toMany } = CATALOG[type];
  const relations = Object.entries({ ...toOne, ...toMany }).filter(([, r]) => r.only !== 'field');
  const roll = random.below(10);
  // An `and` of nothing is refused (D45); an `or` of nothing is nothing.
  if (depth > 0 && roll === 0) return { and: [again(), ...random.some([again()], 1)] };
  if (depth > 0 && roll === 1) return { or: random.some([again(), again()], 2) };
  if (depth > 0 && roll <= 3) return { not: again() };
  if (roll <= 6 && of === 'list' && relations.length > 0) {
    const [relation, { to }] = random.one(relations);
    const inner = (): Where => someWhere(session, to, random, 'related', 1);
    if (relation in toOne) {
      const isNull = random.chance(0.3);
      return { [relation]: isNull ? { isNull: random.chance(0.5) } : { is: inner() } };
    }
    return { [relation]: { [random.one(['some', 'every', 'none'])]: inner() } };
  }
  return someLeaf(session, type, random);
}

function someLeaf(session: Session, type: TypeName, random: Random): Where {
  const rows = session.asking.tree.of(type);
  const { cells } = CATALOG[type];
  // Management fields more often than their share, as there is most to get wrong.
  const managed = Object.keys(cells).filter((cell) => cells[cell]?.managed);
  const names = ['id', ...Object.keys(cells), ...managed, ...managed];
  const cell = random.one(names);
  if (cell === 'id') return { id: idTest(session, rows, random) };
  const facts = cells[cell];
  const values = rows.flatMap((row) =>
    (row.cells[cell] ?? null) === null ? [] : [row.cells[cell]],
  );
  if (facts?.nullable && random.chance(0.3)) return { [cell]: { isNull: random.chance(0.5) } };
  return { [cell]: valueTest(facts?.kind ?? 'text', values, random) };
}

/** Also by an id of another type: a filter knows a root scope by its own id alone (D1). */
function idTest({ asking: { tree } }: Session, rows: readonly Row[], random: Random): Where {
  const ids = [...rows.map((row) => row.id), random.one(tree.world.rows).id, 'not an id'];
  return random.chance(0.5) ? { eq: random.one(ids) } : { in: random.some(ids, 4) };
}

function valueTest(kind: CellKind, values: readonly unknown[], random: Random): Where {
  if (typeof kind === 'object') {
    return random.chance(0.6) ? { eq: random.one(kind) } : { in: random.some(kind, 2) };
  }
  if (kind === 'boolean') return { eq: random.chance(0.5) };
  const known = values.length > 0 ? values : ['2026-01-01T00:00:00.000Z'];
  if (kind === 'date') return { [random.one(['eq', 'gt', 'gte', 'lt', 'lte'])]: random.one(known) };
  const text = String(random.one([...known, 'a', '']));
  const roll = random.below(3);
  if (roll === 0) return { eq: text };
  if (roll === 1) return { in: random.some(known, 3) };
  return { contains: random.one([...text].slice(0, 3).concat('%', '_', '\\', 'A', '/', text)) };
}
