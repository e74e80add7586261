import type { WorkloadName } from '../contestant.js';
import { my, principal } from './principal.js';
import {
  managed,
  reachable,
  readableConfig,
  readableRole,
  readableScope,
  visibleGlobal,
  visibleTenant,
} from './visible.js';

/** What changes nothing: one statement each. */
export type ReadName = Exclude<WorkloadName, 'Q7a' | 'Q7b'>;

const PAGE = 50;

/** JSON without spaces, as JSON.stringify has it; a value that is null makes the whole null. */
const object = (fields: Readonly<Record<string, string>>): string =>
  `'{' || ${Object.entries(fields)
    .map(([name, value]) => `'"${name}":' || ${value}`)
    .join(` || ',' || `)} || '}'`;
const id = (expression: string): string => `'"' || ${expression} || '"'`;
const text = (expression: string): string => `to_json(${expression})::text`;
const orNull = (expression: string): string => `coalesce(${expression}, 'null')`;
const list = (items: string, order: string): string =>
  `'[' || coalesce(string_agg(${items}, ',' ORDER BY ${order}), '') || ']'`;

/** The relations of a form, for whatever rows have been found: by their ids, after the LIMIT. */
const FORM = object({
  id: id('f.id'),
  name: text('f.name'),
  workflow: orNull(`(SELECT ${object({ id: id('w.id'), name: text('w.name') })}
    FROM workflow w WHERE w.id = f.workflow_id AND ${reachable('workflow', 'w')})`),
  // A management field (D15): null unless the form is managed.
  roles: orNull(`CASE WHEN ${managed('form', 'f')} THEN CASE WHEN f.role_ids = '{}' THEN '[]' ELSE (
    SELECT ${list(object({ id: id('r.id'), name: text('r.name') }), 'r.name, r.id')}
    FROM role r WHERE r.id = ANY (f.role_ids) AND ${readableRole('r')}) END END`),
});

const COLUMNS = [
  'id',
  'name',
  'workflow_id',
  'organization_id',
  'governed_by',
  'created_by_id',
  'owner_id',
  'team_id',
  'role_ids',
]
  .map((column) => `f.${column}`)
  .join(', ');

/** A page of forms: an arm a tier, each in the order of an index of its own and limited. */
function forms(after: string): string {
  return `WITH ${principal(['form', 'workflow', 'role'])}
${answer(
  'forms',
  `(SELECT '{"edges":' || ${list(object({ node: FORM }), 'f.name, f.id')} || '}' FROM (
  SELECT * FROM (
    (SELECT ${COLUMNS} FROM form f
      WHERE f.organization_id = ${my('org')} ${after} AND ${visibleTenant('form', 'f')}
      ORDER BY f.name, f.id LIMIT ${PAGE})
    UNION ALL
    (SELECT ${COLUMNS} FROM form f
      WHERE f.organization_id IS NULL ${after} AND ${visibleGlobal('form', 'f')}
        -- A scalar, so that it is a probe a row and no join: few rows are asked before the page is full.
        AND NOT coalesce((SELECT true FROM form_shadow x
          WHERE x.far_id = f.id AND x.near_scope_id = ${my('root')} LIMIT 1), false)
      ORDER BY f.name, f.id LIMIT ${PAGE})
  ) arms ORDER BY name, id LIMIT ${PAGE}
) f)`,
)}`;
}

const CHILD = object({ id: id('c.id'), name: orNull(text('c.name')) });

const answer = (field: string, value: string): string =>
  `SELECT '{"data":{"${field}":' || ${orNull(value)} || '}}' AS answer FROM me p`;

/**
 * A statement each, whose only row is the text of the answer; no row at all for a user that may not
 * ask. $1 is the user's id.
 */
export const STATEMENTS: Readonly<Record<ReadName, string>> = {
  Q1: forms(''),

  // $2 the form's id.
  Q2: `WITH ${principal(['form', 'workflow', 'role'])}
${answer('form', `(SELECT ${FORM} FROM form f WHERE f.id = $2 AND ${reachable('form', 'f')})`)}`,

  // $2 the key. What is nearest is decided on existence, and only then whether it may be read (D2).
  Q3: `WITH ${principal(['config'])}
${answer(
  'configByKey',
  `(SELECT ${object({ id: id('c.id'), key: text('c.key'), value: orNull('c.value::text') })} FROM (
    SELECT id, key, value, organization_id, governed_by, created_by_id, owner_id, team_id FROM config c WHERE c.scope_id = ${my('root')} AND c.key = $2
    UNION ALL
    SELECT id, key, value, organization_id, governed_by, created_by_id, owner_id, team_id FROM config c WHERE c.organization_id IS NULL AND c.key = $2
    ORDER BY organization_id NULLS LAST LIMIT 1
  ) c WHERE ${readableConfig('c')})`,
)}`,

  // $2 the scope's id.
  Q4: `WITH ${principal(['scope'])}
${answer(
  'scope',
  `(SELECT ${object({
    id: id('s.id'),
    name: orNull(text('s.name')),
    children: `(SELECT '{"edges":' || ${list(object({ node: CHILD }), 'c.name, c.id')} || '}' FROM (
      SELECT c.id, c.name FROM scope c WHERE c.parent_id = s.id AND ${readableScope('c')}
      ORDER BY c.name, c.id LIMIT ${PAGE}) c)`,
  })} FROM scope s WHERE s.id = $2 AND ${readableScope('s')})`,
)}`,

  // $2 the ids. To be read is to be used or managed: whatever is asked of a row that may not be read is refused.
  Q5: `WITH ${principal(['form'])}
${answer(
  'checkMany',
  `(SELECT ${list(object({ allowed: readable('e.id') }), 'e.n')}
  FROM unnest($2::uuid[]) WITH ORDINALITY e (id, n))`,
)}`,

  // $2 the id.
  Q5a: `WITH ${principal(['form'])}
${answer('check', object({ allowed: readable('$2') }))}`,

  // $2 and $3 name and id of the last row before the page.
  Q6: forms('AND (f.name, f.id) > ($2, $3)'),

  // $2 the types and $3 the ids, side by side.
  Q8: `WITH ${principal(['form', 'workflow', 'config'])}
${answer(
  '_entities',
  `(SELECT ${list(
    `coalesce(CASE e.type
      WHEN 'Form' THEN (SELECT ${entity('Form', 'name')} FROM form f WHERE f.id = e.id AND ${reachable('form', 'f')})
      WHEN 'Workflow' THEN (SELECT ${entity('Workflow', 'name')} FROM workflow f WHERE f.id = e.id AND ${reachable('workflow', 'f')})
      WHEN 'Config' THEN (SELECT ${entity('Config', 'key')} FROM config f WHERE f.id = e.id AND ${readableConfig('f')})
    END, 'null')`,
    'e.n',
  )} FROM unnest($2::text[], $3::uuid[]) WITH ORDINALITY e (type, id, n))`,
)}`,
};

/** Whether a form may be read, as JSON has it. */
function readable(formId: string): string {
  return `EXISTS (SELECT FROM form f WHERE f.id = ${formId} AND ${reachable('form', 'f')})::text`;
}

function entity(type: string, name: string): string {
  return object({ __typename: `'"${type}"'`, id: id('f.id'), [name]: text(`f.${name}`) });
}
