import pg from 'pg';
import type { Variables } from '../contestants/contestant.js';
import type { Targets } from '../data/targets.js';
import { LARGE, organizationId, SEALED, scopeId } from '../data/world.js';

const PAGE = 50;
const DEEP = 1000 * PAGE;
const FORMS = 20;
const WORKFLOWS = 20;
const CONFIGS = 10;
/** Of each organization that is checked in, and of the global rows. */
const CHECKED = { own: 85, global: 5, other: 10 } as const;

/** Which rows are asked for. The last is for the comparison alone. */
interface Choice {
  /** What kind of form, and how many by name are skipped. */
  readonly form: string;
  readonly skip: number;
  /** Overridden at the root, or global alone. */
  readonly configKey: string;
  readonly scope: number;
}

/** Everything there is to answer: a workflow that is open, roles, and whoever holds grants manages it. */
const WHOLE = `f.organization_id = $1 AND f.is_active AND f.access_level = 'ROLE_BASED'
  AND cardinality(f.role_ids) > 0 AND heimdall_root_scope_id($1) = ANY (f.governed_by)
  AND w.is_active AND w.access_level = 'AUTHENTICATED'`;

const CHOICES: readonly Choice[] = [
  { form: WHOLE, skip: 20, configKey: 'setting.016', scope: 0 },
  {
    form: `f.organization_id = $1 AND f.access_level = 'AUTHENTICATED' AND NOT heimdall_root_scope_id($1) = ANY (f.governed_by)`,
    skip: 10,
    configKey: 'setting.015',
    scope: 1,
  },
  { form: `f.organization_id IS NULL`, skip: 5, configKey: 'setting.018', scope: 4 },
  { form: `f.organization_id = $1 AND NOT f.is_active`, skip: 3, configKey: 'none', scope: 17 },
];

/** What is asked for, found in the data; what is measured comes first. */
export async function findVariables(
  databaseUrl: string,
  targets: Targets = [[]],
): Promise<[Variables, ...Variables[]]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const [first, ...others] = CHOICES;
    if (first === undefined) throw new Error('no variables');
    const found: [Variables, ...Variables[]] = [await find(client, first, 0, targets[0])];
    for (const [index, choice] of others.entries()) {
      found.push(await find(client, choice, index + 1, targets[index + 1] ?? targets[0]));
    }
    return found;
  } finally {
    await client.end();
  }
}

async function find(
  client: pg.Client,
  choice: Choice,
  nth: number,
  targets: readonly string[],
): Promise<Variables> {
  const organization = organizationId(LARGE);
  const one = async <Row extends object>(sql: string, values: unknown[]): Promise<Row> => {
    const { rows } = await client.query<Row>(sql, values);
    if (rows[0] === undefined) throw new Error(`the data have no row for: ${sql}`);
    return rows[0];
  };
  const form = await one<{ id: string }>(
    `SELECT f.id FROM form f JOIN workflow w ON w.id = f.workflow_id
     WHERE $1::uuid IS NOT NULL AND ${choice.form} ORDER BY f.name, f.id OFFSET $2 LIMIT 1`,
    [organization, choice.skip],
  );
  const after = await one<{ name: string; id: string }>(
    `SELECT name, id FROM form WHERE organization_id = $1 ORDER BY name, id
     OFFSET (SELECT least(count(*) / 2, ${DEEP}) FROM form WHERE organization_id = $1) + $2 LIMIT 1`,
    [organization, nth * PAGE],
  );
  // Mostly the tenant's and some global, in an order that says nothing.
  const { rows: entities } = await client.query<{ __typename: string; id: string }>(
    ['Form', 'Workflow', 'Config']
      .map((type, index) => {
        const count = [FORMS, WORKFLOWS, CONFIGS][index] ?? 0;
        return `(SELECT '${type}' AS __typename, id::text FROM ${type.toLowerCase()}
          WHERE organization_id = $1 OR organization_id IS NULL
          ORDER BY organization_id IS NULL AND md5(id::text) > '1', md5(id::text || ${nth}) LIMIT ${count})`;
      })
      .join(' UNION ALL '),
    [organization],
  );
  // What may be read and what may not, what is global and what is another's.
  const { rows: checked } = await client.query<{ id: string }>(
    `SELECT id::text FROM (
      (SELECT id FROM form WHERE organization_id = $1 ORDER BY md5(id::text || $3) LIMIT ${CHECKED.own})
      UNION ALL
      (SELECT id FROM form WHERE organization_id IS NULL ORDER BY md5(id::text || $3) LIMIT ${CHECKED.global})
      UNION ALL
      (SELECT id FROM form WHERE organization_id = $2 ORDER BY md5(id::text || $3) LIMIT ${CHECKED.other})
    ) f ORDER BY md5(id::text)`,
    [organization, organizationId(SEALED), nth],
  );
  return {
    formId: form.id,
    configKey: choice.configKey,
    scopeId: scopeId(LARGE, choice.scope),
    checked: checked.map(({ id }) => id),
    after,
    targets,
    entities,
  };
}
