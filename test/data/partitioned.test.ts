import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PARTITIONED, partitionSql } from '../../scripts/partition/by-organization.js';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { ISSUER } from '../support/gateway.js';
import { PLATFORM, type Spot, World } from '../support/world.js';

const PARTITIONS = 4;

describe('tables partitioned by organization', () => {
  let database: Database;
  let world: World;
  let spots: Spot[];
  beforeAll(async () => {
    database = await freshDatabase();
    world = new World(database.client, ISSUER);
    // What was there before goes along.
    const first = await world.organization('first');
    await world.row('form', first, 'before');
    await database.sql.script(partitionSql(PARTITIONS));
    spots = [first];
    for (let nth = 1; nth < 12; nth += 1) spots.push(await world.organization(`spot ${nth}`));
    for (const spot of [...spots, PLATFORM]) {
      await world.row('form', spot, 'one');
      await world.row('form', spot, 'other');
    }
  });
  afterAll(() => database?.close());

  const query = <Row>(text: string, values: readonly unknown[] = []) =>
    database.sql.query<Row>(text, values);
  /** The SQLSTATE and the constraint by which a statement is refused. */
  const refusal = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      ({ code, constraint }: { code?: string; constraint?: string }) => ({ code, constraint }),
    );
  const insert = (name: string, at: Spot, workflow: string | null = null) =>
    query(
      `INSERT INTO form (id, name, scope_id, organization_id, workflow_id) VALUES (heimdall_next_id(), $1, $2, $3, $4)`,
      [name, at.scopeId, at.organizationId, workflow],
    );

  it('keep the rows of an organization together, and those of all in several', async () => {
    const found = await query<{ parts: number; organizations: number; rows: number }>(
      `SELECT count(DISTINCT tableoid)::int AS parts, count(*)::int AS rows FROM form
       GROUP BY organization_id ORDER BY 1 DESC`,
    );
    expect(found).toHaveLength(spots.length + 1);
    expect(found[0]?.parts).toBe(1);
    const [all] = await query<{ parts: number }>(
      'SELECT count(DISTINCT tableoid)::int AS parts FROM form',
    );
    expect(all?.parts).toBeGreaterThan(1);
    const [before] = await query<{ count: number }>(
      `SELECT count(*)::int FROM form WHERE name = 'before'`,
    );
    expect(before?.count).toBe(1);
  });

  it('are read in one partition by who names the organization, and in each by an id alone', async () => {
    const scanned = async (where: string, values: unknown[]) => {
      const rows = await query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT FROM form WHERE ${where}`,
        values,
      );
      return rows.filter((row) => /heimdall_part_|Scan .*form/.test(row['QUERY PLAN'])).length;
    };
    const [spot] = spots;
    const id = (await world.row('form', spot as Spot, 'sought')).id;
    expect(await scanned('organization_id = $1', [spot?.organizationId])).toBe(1);
    expect(await scanned('organization_id IS NULL', [])).toBe(1);
    expect(await scanned('id = $1', [id])).toBe(PARTITIONS);
  });

  it('refuse a second row of a name at a scope, global ones too, and name the same key', async () => {
    const expected = { code: '23505', constraint: 'form_scope_id_name_key' };
    expect(await refusal(insert('one', spots[3] as Spot))).toMatchObject(expected);
    expect(await refusal(insert('one', PLATFORM))).toMatchObject(expected);
  });

  it('refuse a reference to no row, and the end of a row that is needed', async () => {
    const at = spots[2] as Spot;
    expect(await refusal(insert('astray', at, crypto.randomUUID()))).toMatchObject({
      code: '23503',
      constraint: 'form_workflow_id_fkey',
    });
    const workflow = await world.row('workflow', at, 'needed');
    await insert('launches', at, workflow.id);
    expect(await refusal(query('DELETE FROM workflow WHERE id = $1', [workflow.id]))).toMatchObject(
      { code: '23503', constraint: 'form_workflow_id_fkey' },
    );
  });

  it('take with a row what goes with it, and with an organization everything', async () => {
    const at = spots[5] as Spot;
    const role = await world.role(at);
    const form = await world.row('form', at, 'bound', { access: 'ROLE_BASED', roles: [role] });
    const bound = async () =>
      (await query('SELECT FROM form_role WHERE form_id = $1', [form.id])).length;
    expect(await bound()).toBe(1);
    await query('DELETE FROM form WHERE id = $1', [form.id]);
    expect(await bound()).toBe(0);
    const workflow = await world.row('workflow', at, 'launched');
    await insert('launching', at, workflow.id);
    await query('DELETE FROM organization WHERE id = $1', [at.organizationId]);
    for (const table of PARTITIONED) {
      const left = await query(`SELECT FROM ${table} WHERE organization_id = $1`, [
        at.organizationId,
      ]);
      expect(left).toEqual([]);
    }
  });
});
