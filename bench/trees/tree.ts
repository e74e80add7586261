// A tree of scopes ten deep, with a form at each of them, filled by SQL.
import type { Content } from '../data/database.js';
import { SESSION } from '../data/fill.js';
import { benchId, KIND, organizationId, scopeId } from '../data/world.js';

/** Below the organization's root. */
export const DEPTH = 10;
/** How many memberships a user has; in smaller trees at most one at each scope. */
export const MEMBERSHIPS = [1, 10, 100, 1000] as const;

const ORGANIZATION = 1;
const OWNER = 9;
const EDITOR_ROLE = 1;
const OWNER_ROLE = '00000000-0000-7000-8000-000000000020';
const TENANT = '00000000-0000-7000-8000-000000000011';
const MOVED = 10_000;

export interface Tree {
  readonly scopes: number;
  /** How many scopes are moved: the one at the top of them, and all below it. */
  readonly moved: number;
  /** The scope that is moved, where it is, and where it goes. */
  readonly top: string;
  readonly from: string;
  readonly to: string;
  readonly owner: string;
  readonly content: Content;
}

export const memberId = (memberships: number): string =>
  benchId('user', 100 + MEMBERSHIPS.indexOf(memberships as (typeof MEMBERSHIPS)[number]) + 1);

/** A tree of so many scopes. Scopes 1 and 2 are its first ones; the branch that is moved has the last numbers. */
export function treeOf(scopes: number): Tree {
  const moved = Math.min(MOVED, Math.floor(scopes / 2));
  const levels = [
    ...levelsOf({ first: 1, from: 1, rows: scopes - moved, parent: 0 }),
    ...levelsOf({ first: scopes - moved + 1, from: 2, rows: moved, parent: 1 }),
  ];
  const name = `heimdall_bench_trees_${scopes}`;
  return {
    scopes,
    moved,
    top: scopeOf(scopes - moved + 1),
    from: scopeOf(1),
    to: scopeOf(2),
    owner: benchId('user', 100 + OWNER),
    content: {
      name,
      version: 1,
      async fill(client, timed) {
        await timed('session', () => client.query(SESSION));
        await timed('organization and people', () => client.query(PEOPLE));
        for (const level of levels) {
          await timed(`${level.rows} scopes of level ${level.depth}`, () =>
            client.query(levelSql(level)),
          );
        }
        await timed('memberships', () => client.query(membershipsSql(scopes - moved)));
        await timed(`${scopes} forms`, () => client.query(FORMS));
      },
    },
  };
}

const scopeOf = (n: number): string => benchId('scope', n);

interface Level {
  readonly depth: number;
  /** The first number of its scopes, and of the level above them. */
  readonly first: number;
  readonly rows: number;
  readonly parents: number;
  readonly above: number;
}

interface Branch {
  readonly first: number;
  /** The level of its top. */
  readonly from: number;
  readonly rows: number;
  readonly parent: number;
}

/** Levels that grow by the same factor, down to the last. A branch that does not begin at the first level has one top, a tree two or more. */
function levelsOf({ first, from, rows, parent }: Branch): Level[] {
  const count = DEPTH - from + 1;
  const single = from > 1;
  const total = (factor: number) => sizes(count, factor, single).reduce((sum, one) => sum + one, 0);
  let [low, high] = [1, 100];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (total(middle) < rows) low = middle;
    else high = middle;
  }
  const fewest = single ? 1 : 2;
  const all = sizes(count, low, single).map((one) => Math.max(fewest, Math.floor(one)));
  const sum = all.slice(0, -1).reduce((so, one) => so + one, 0);
  all[count - 1] = rows - sum;
  const levels: Level[] = [];
  let [next, above, parents] = [first, parent, 1];
  for (const [index, size] of all.entries()) {
    levels.push({ depth: from + index, first: next, rows: size, parents, above });
    [above, parents, next] = [next, size, next + size];
  }
  return levels;
}

const sizes = (count: number, factor: number, single: boolean): number[] =>
  Array.from({ length: count }, (_, index) => factor ** (index + (single ? 0 : 1)));

const id = (kind: keyof typeof KIND, n: string): string => `pg_temp.bench_id(${KIND[kind]}, ${n})`;
const ROOT = `'${scopeId(ORGANIZATION, 0)}'::uuid`;
const ORG = `'${organizationId(ORGANIZATION)}'::uuid`;

const PEOPLE = `
  INSERT INTO organization (id, name) VALUES (${ORG}, 'Trees');
  INSERT INTO scope_type (id, name, permission_mode, organization_id)
    VALUES (${id('scopeType', '1')}, 'Place', 'MERGE', ${ORG});
  INSERT INTO scope_type_edge (parent_type_id, child_type_id)
    VALUES ('${TENANT}', ${id('scopeType', '1')}), (${id('scopeType', '1')}, ${id('scopeType', '1')});
  INSERT INTO scope (id, type_id, parent_id, organization_id, path, inherits_from, home_id, governed_by)
    SELECT ${ROOT}, '${TENANT}', p.id, ${ORG}, ARRAY[${ROOT}, p.id], ARRAY[${ROOT}], ${ROOT}, ARRAY[${ROOT}]
    FROM scope p WHERE p.parent_id IS NULL;
  INSERT INTO "user" (id, email, name, organization_id)
    SELECT ${id('user', '100 + p')}, 'p' || p || '@trees.bench.example', 'Person ' || p, ${ORG}
    FROM generate_series(1, ${OWNER}) p;
  INSERT INTO role (id, name, scope_id, organization_id, data_access, governed_by)
    VALUES (${id('role', `${EDITOR_ROLE}`)}, 'Editor of forms', ${ROOT}, ${ORG}, 'ALL_DATA', ARRAY[${ROOT}]);
  INSERT INTO role_permission (role_id, permission_id)
    SELECT ${id('role', `${EDITOR_ROLE}`)}, p.id FROM permission p
    WHERE p.organization_id IS NULL AND p.resource_type = 'form' AND p.action IN ('read', 'update');
  INSERT INTO membership (id, scope_id, organization_id, user_id, governed_by)
    VALUES (${id('membership', `${OWNER}`)}, ${ROOT}, ${ORG}, ${id('user', `100 + ${OWNER}`)}, ARRAY[${ROOT}]);
  INSERT INTO role_assignment (membership_id, role_id)
    VALUES (${id('membership', `${OWNER}`)}, '${OWNER_ROLE}');`;

/** Neighbours in a level have the same parent. */
const levelSql = ({ first, rows, parents, above, depth }: Level): string => `
  INSERT INTO scope (id, type_id, parent_id, organization_id, external_id, name,
    path, inherits_from, home_id, governed_by)
  SELECT n.id, ${id('scopeType', '1')}, p.id, ${ORG}, 'place-' || n.i, 'Place ' || substr(md5(n.i::text), 1, 8),
    n.id || p.path, n.id || p.inherits_from, p.id, p.inherits_from
  FROM (
    SELECT i, ${id('scope', 'i')} AS id,
      ${depth === 1 ? ROOT : id('scope', `${above} + (i - ${first})::bigint * ${parents} / ${rows}`)} AS parent
    FROM generate_series(${first}, ${first + rows - 1}) i
  ) n JOIN scope p ON p.id = n.parent;
  ANALYZE scope;`;

/** Each user's lie all over the tree, at any depth. */
const membershipsSql = (scopes: number): string =>
  MEMBERSHIPS.map((count, index) => {
    const held = Math.min(count, scopes);
    const at = `1 + (m::bigint * ${scopes} + ${scopes} / 2) / ${held}`;
    const member = id('membership', `${(index + 1) * 10_000} + m`);
    return `
  INSERT INTO membership (id, scope_id, organization_id, user_id, governed_by)
    SELECT ${member}, s.id, ${ORG}, '${memberId(count)}'::uuid, s.inherits_from
    FROM generate_series(0, ${held - 1}) m JOIN scope s ON s.id = ${id('scope', at)};
  INSERT INTO role_assignment (membership_id, role_id)
    SELECT ${member}, ${id('role', `${EDITOR_ROLE}`)} FROM generate_series(0, ${held - 1}) m;`;
  }).join('\n');

/** Open to nobody: who reads one manages it. */
const FORMS = `
  INSERT INTO form (id, name, organization_id, scope_id, governed_by, access_level)
  SELECT ('0193${KIND.form.toString(16).padStart(4, '0')}' || substr(s.id::text, 9))::uuid,
    'Form ' || substr(md5(s.external_id), 1, 12), ${ORG}, s.id, s.inherits_from, 'ROLE_BASED'
  FROM scope s WHERE s.external_id IS NOT NULL;`;
