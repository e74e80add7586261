import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { nextOf } from '../../src/execution/queue.js';
import { rootScopeId } from '../../src/policy/root-scope.js';
import type { Apart } from '../../src/request/apart.js';
import { World } from '../data/world.js';
import { freshDatabase } from '../support/database.js';

/** Others have so much in their queues. */
const OTHERS = 4_000;

let db: Database;
let own: string;
let others: string[];

beforeAll(async () => {
  db = await freshDatabase();
  const world = new World(db);
  const planted = async (name: string, queue: string, count: number): Promise<string> => {
    const organizationId = await world.organization(name);
    const scopeId = rootScopeId(organizationId);
    const userId = await world.user(organizationId);
    const workflowId = await world.at('workflow', organizationId, scopeId);
    await db.sql.query(
      `INSERT INTO execution (id, kind, trigger, workflow_id, target_name, target_version, root_id, launcher_kind,
         created_by_id, owner_id, organization_id, scope_id, queue, created_at)
       SELECT i, 'WORKFLOW', 'API', $1::uuid, 'w', 1, i, 'USER', $2::uuid, $2::uuid, $3::uuid, $4::uuid, $5,
         now() - make_interval(mins => 1)
       FROM (SELECT gen_random_uuid() AS i FROM generate_series(1, $6::int)) s`,
      [workflowId, userId, organizationId, scopeId, queue, count],
    );
    return organizationId;
  };
  own = await planted('own', 'default', 5);
  others = [await planted('B', 'default', OTHERS / 2), await planted('C', 'other', OTHERS / 2)];
  await db.sql.query('ANALYZE execution');
});
afterAll(() => db.close());

interface Plan {
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

/** How many rows of executions a plan has read. */
function rowsRead(plan: Plan): number {
  const each =
    plan['Actual Rows'] +
    (plan['Rows Removed by Filter'] ?? 0) +
    (plan['Rows Removed by Index Recheck'] ?? 0);
  const here = plan['Relation Name'] === 'execution' ? each * plan['Actual Loops'] : 0;
  return here + (plan.Plans ?? []).reduce((sum, one) => sum + rowsRead(one), 0);
}

/** What is claimed next, and how many rows of executions were read for it. */
async function costOf(reach: Parameters<typeof nextOf>[1]['reach'], max: number) {
  let read = 0;
  const found = await db.client.$transaction(async (tx) => {
    const explaining = {
      async $queryRaw([first = '', ...rest]: readonly string[], ...values: unknown[]) {
        const words = [`EXPLAIN (ANALYZE, FORMAT JSON) ${first}`, ...rest];
        const strings = Object.assign(words, { raw: words });
        const [row] = await tx.$queryRaw<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(strings, ...values);
        if (row !== undefined) read += rowsRead(row['QUERY PLAN'][0].Plan);
        const same = [first, ...rest];
        return tx.$queryRaw(Object.assign(same, { raw: same }), ...values);
      },
    } as unknown as Apart['tx'];
    return nextOf({ tx: explaining }, { queues: ['default'], max, reach, perOrganization: 100 });
  });
  return { read, organizations: found.map(({ organizationId }) => organizationId) };
}

describe('D34: a claim reads no more than what it may take', () => {
  it('where its worker reaches one organization: nothing of the others', async () => {
    const grants = [{ scopeIds: [rootScopeId(own)], switches: [] }];
    const { read, organizations } = await costOf({ everywhere: false, grants }, 5);
    expect(organizations).toEqual([own, own, own, own, own]);
    expect(read).toBeLessThanOrEqual(30);
  });

  it('where it reaches everything: in turn, and of other queues nothing', async () => {
    const { read, organizations } = await costOf({ everywhere: true, grants: [] }, 4);
    expect(organizations.toSorted()).toEqual([own, own, others[0], others[0]].toSorted());
    expect(read).toBeLessThanOrEqual(60);
  });
});
