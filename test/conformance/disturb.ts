import { type Asking, mayRead } from './oracle/decide.js';
import { ownPlace, placeNamed } from './oracle/place.js';
import { Tree } from './oracle/tree.js';
import type { Random } from './questions/random.js';
import { idOf } from './world/draft.js';
import { CASCADING, type CascadingType, PLATFORM, type Row, type World } from './world/types.js';

const TYPES = Object.keys(CASCADING) as CascadingType[];

/** Whether a person may not read a row from anywhere that they can act in. */
function isHidden(world: World, { person, place }: Asking, row: Row): boolean {
  const tree = new Tree(world);
  const roots = tree.of('Organization').map((organization) => organization.id);
  const named = [null, ...roots].map((root) => placeNamed(tree, person, root));
  return [place, ownPlace(person), ...named].every(
    (somewhere) => somewhere === null || !mayRead({ tree, person, place: somewhere }, row),
  );
}

/** Whether no other row of its type is called so: D14 lets a hidden row shadow and occupy a name. */
function isUnique(world: World, row: Row): boolean {
  return world.rows.every(
    (other) =>
      other.type !== row.type ||
      other.id === row.id ||
      ['name', 'slug', 'key'].every(
        (cell) => row.cells[cell] === undefined || other.cells[cell] !== row.cells[cell],
      ),
  );
}

export interface Disturbed {
  readonly world: World;
  /** How much is different; none: there was nothing to hide. */
  readonly changes: number;
}

/**
 * Adds, changes and deletes rows that the person may not read, and lets rows that they may read
 * refer to hidden ones. Nothing of it may make a difference to them (D14).
 */
export function disturb(world: World, asking: Asking, random: Random): Disturbed {
  const added = additions(world, random).filter((row) =>
    isHidden({ ...world, rows: [...world.rows, row] }, asking, row),
  );
  const referred = new Set(
    world.rows.flatMap((row) => [...Object.values(row.one), ...Object.values(row.many).flat()]),
  );
  let changes = added.length;
  const rows = world.rows.flatMap((row) => {
    if (!(row.type in CASCADING)) return [row];
    if (isHidden(world, asking, row) && isUnique(world, row)) {
      if (!referred.has(row.id) && random.chance(0.4)) {
        changes += 1;
        return [];
      }
      const changed = alter(row, random);
      const after = world.rows.map((one) => (one === row ? changed : one));
      if (!isHidden({ ...world, rows: after }, asking, changed)) return [row];
      changes += 1;
      return [changed];
    }
    return [refer(row, added, random)];
  });
  return { world: { ...world, rows: [...rows, ...added] }, changes };
}

/** Rows under names that nobody else has, at every sort of place, that let few people in. */
function additions(world: World, random: Random): Row[] {
  const scopes = world.rows.filter((row) => row.type === 'Scope');
  return TYPES.flatMap((type, kind) =>
    Array.from({ length: 3 }, (_, index): Row => {
      const scope = random.chance(0.3) ? PLATFORM : random.one(scopes).id;
      const organization = scopes.find((one) => one.id === scope)?.one.organization ?? null;
      const name = `hidden ${kind} ${index}`;
      const times = {
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-03-01T00:00:00.000Z',
      };
      const level = random.one(['ROLE_BASED', null, 'WEIRD']);
      const cells: Record<CascadingType, Row['cells']> = {
        Form: { name, accessLevel: level },
        Workflow: { name, accessLevel: level, endpoint: name },
        Agent: { name, accessLevel: level, instructions: name },
        App: { name, slug: name, accessLevel: level },
        Config: { key: name, type: 'STRING', isFinal: false, value: 'v' },
      };
      return {
        type,
        id: idOf(type, 900 + index),
        cells: { ...cells[type], description: name, isActive: random.chance(0.7), ...times },
        one: {
          organization,
          scope,
          createdBy: null,
          owner: null,
          team: null,
          ...(type === 'Form' ? { workflow: null } : {}),
        },
        many: {},
      };
    }),
  );
}

function alter(row: Row, random: Random): Row {
  const cells = {
    ...row.cells,
    description: 'altered',
    isActive: random.chance(0.5),
    createdAt: '2025-01-01T00:00:00.000Z',
    ...(row.type === 'Workflow' ? { endpoint: 'altered' } : {}),
    ...(row.type === 'Agent' ? { instructions: 'altered' } : {}),
  };
  return { ...row, cells, one: { ...row.one, owner: null } };
}

/** A reference to a hidden row is as good as none. */
function refer(row: Row, added: readonly Row[], random: Random): Row {
  const near = (type: CascadingType): string[] =>
    added
      .filter((one) => one.type === type)
      .filter(({ one }) => one.organization === null || one.organization === row.one.organization)
      .map((one) => one.id);
  if (random.chance(0.3)) return row;
  if (row.type === 'Form' && row.one.workflow === null) {
    return { ...row, one: { ...row.one, workflow: near('Workflow')[0] ?? null } };
  }
  if (row.type !== 'Agent') return row;
  const { tools = [], delegates = [] } = row.many;
  const many = {
    tools: [...tools, ...near('Workflow')],
    delegates: [...delegates, ...near('Agent')],
  };
  return { ...row, many: { ...row.many, ...many } };
}
