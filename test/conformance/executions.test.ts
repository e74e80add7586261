import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../src/data/clients.js';
import { freshDatabase } from '../support/database.js';
import { caseArbitrary, type Sitting, seatOf } from './case.js';
import { covered } from './oracle/coverage.js';
import { type AskingForRuns, isListed, sightOf } from './oracle/executions.js';
import { ask, openSession } from './questions/session.js';
import { runAll } from './run.js';
import { build } from './world/build.js';
import { choose } from './world/draft.js';
import { plant } from './world/plant.js';
import { EXECUTION, type Row, type World, worldOf } from './world/types.js';

/** Few of them, drawn as the worlds of the main run are. CONFORMANCE_WORLDS has more; `npm run conformance` launches nothing. */
const WORLDS = Number(process.env.CONFORMANCE_WORLDS ?? 40);

let database: Database;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const drawn = fc.record({
  drawn: caseArbitrary,
  runs: fc.array(
    fc.record({ of: fc.nat(997), by: fc.nat(997), at: fc.nat(997), how: fc.nat(997) }),
    { minLength: 1, maxLength: 12, size: 'max' },
  ),
});

/** Roles that are for executions, too: of what is drawn for every world few are. */
function forRuns(world: World): World {
  const of = (action: string) =>
    world.rows.find(({ cells }) => cells.key === `execution:${action}:*`)?.id as string;
  const rows = world.rows.map((row, index): Row => {
    if (row.type !== 'Role' || world.builtIn.has(row.id)) return row;
    const more = [
      ...(index % 3 > 0 ? [of('read')] : []),
      ...(index % 2 > 0 ? [of('inspect')] : []),
      ...(index % 4 > 1 ? [of('cancel')] : []),
    ];
    const permissions = [...new Set([...(row.many.permissions ?? []), ...more])];
    return { ...row, many: { ...row.many, permissions } };
  });
  return worldOf(rows, world);
}

type RunSpec = { of: number; by: number; at: number; how: number };

/** Executions of the world's people, at its scopes. */
function runsIn(world: World, specs: readonly RunSpec[], keyId: string | null): Row[] {
  const workflows = world.rows.filter(({ type }) => type === 'Workflow');
  const users = world.rows.filter(({ type }) => type === 'User');
  const teams = world.rows.filter(({ type }) => type === 'Team');
  const scopes = world.rows.filter(
    ({ type, one }) =>
      type === 'Scope' && one.organization !== null && one.organization !== undefined,
  );
  return specs.flatMap(({ of, by, at, how }): Row[] => {
    const scope = choose(scopes, at);
    const organization = scope.one.organization as string;
    const there = workflows.filter(
      ({ one }) => one.organization === null || one.organization === organization,
    );
    if (there.length === 0) return [];
    const byKey = how % 3 === 0;
    const byNobody = byKey && how % 2 === 0;
    const team = byNobody && how % 5 < 2 && teams.length > 0 ? choose(teams, by).id : null;
    const createdBy = byNobody ? null : choose(users, by).id;
    return [
      {
        type: EXECUTION,
        id: randomUUID(),
        cells: { launcherKind: byKey ? 'VIRTUAL_KEY' : 'USER' },
        one: {
          organization,
          scope: scope.id,
          workflow: choose(there, of).id,
          createdBy,
          owner: createdBy,
          team,
          launcherKey: byKey ? (how % 4 === 0 ? (keyId ?? randomUUID()) : randomUUID()) : null,
        },
        many: {},
      },
    ];
  });
}

async function launchAll({ client }: Database, rows: readonly Row[]): Promise<void> {
  for (const { id, cells, one } of rows) {
    await client.execution.create({
      data: {
        ...{ id, rootId: id, kind: 'WORKFLOW', trigger: 'API', targetName: 'w', targetVersion: 1 },
        launcherKind: String(cells.launcherKind),
        launcherKeyId: one.launcherKey ?? null,
        workflowId: one.workflow ?? null,
        createdById: one.createdBy ?? null,
        ownerId: one.owner ?? null,
        teamId: one.team ?? null,
        organizationId: String(one.organization),
        scopeId: String(one.scope),
        input: { secret: id },
        logs: {
          create: ['DEBUG', 'INFO'].map((level, seq) => ({
            ...{ attempt: 1, seq, level, message: level, at: new Date() },
          })),
        },
      },
    });
    await client.execution.update({
      where: { id },
      data: { status: 'FAILED', movedBy: 'reaper', finishedAt: new Date(), ...ENDED },
    });
  }
}
const ENDED = { errorCode: 'CODE', errorMessage: 'message', errorDetail: 'detail', reason: 'why' };

const SHOWN = `id input reason canManage canCancel error { code message detail }
  logs { edges { node { level } } }`;

function expected(asking: AskingForRuns, row: Row) {
  const { reads, payload, detail, cancels } = sightOf(asking, row);
  if (!reads) return null;
  return {
    id: row.id,
    input: payload ? { secret: row.id } : null,
    reason: detail ? 'why' : null,
    canManage: payload,
    canCancel: cancels,
    error: payload ? { code: 'CODE', message: 'message', detail: detail ? 'detail' : null } : null,
    logs: {
      edges: [...(detail ? ['DEBUG'] : []), ...(payload ? ['INFO'] : [])].map((level) => ({
        node: { level },
      })),
    },
  };
}

async function look(world: World, sitting: Sitting, specs: readonly RunSpec[]): Promise<void> {
  const session = await openSession(database, world, seatOf(world, sitting));
  if (session === null || session.principal.kind === 'ANONYMOUS') return;
  const { keyId } = session.principal;
  const rows = runsIn(world, specs, keyId);
  await launchAll(database, rows);
  const asking = { ...session.asking, keyId };
  const all = rows.map((row, index) => `_${index}: execution(id: "${row.id}") { ${SHOWN} }`);
  const byId = await ask(session, `{ viewer { isPlatformAdmin } ${all.join(' ')} }`);
  expect(byId.errors).toEqual([]);
  rows.forEach((row, index) => {
    expect(byId.data?.[`_${index}`], JSON.stringify([row, sitting])).toEqual(expected(asking, row));
  });
  const listed = await ask(
    session,
    '{ executions(first: 100) { totalCount edges { node { id } } } }',
  );
  const ids = rows.filter((row) => isListed(asking, asking.place, row)).map(({ id }) => id);
  const found = listed.data?.executions as {
    totalCount: number;
    edges: { node: { id: string } }[];
  };
  expect(found.edges.map(({ node }) => node.id).sort()).toEqual(ids.sort());
  expect(found.totalCount).toBe(ids.length);
  await database.sql.transaction(async (sql) => {
    await sql.query("SELECT set_config('heimdall.retaining', 'on', true)");
    await sql.query('DELETE FROM execution');
  });
}

test(
  `D31: in ${WORLDS} worlds everybody sees of executions what the plain evaluator says`,
  async () => {
    await runAll(
      { worlds: WORLDS, seed: 20261207 },
      {
        cases: drawn,
        check: async ({ drawn: { spec, sittings }, runs }) => {
          const world = forRuns(build(spec));
          await plant(database, world);
          for (const sitting of sittings) await look(world, sitting, runs);
        },
        describe: (one) => JSON.stringify(one).slice(0, 5_000),
        command: 'npx vitest run test/conformance/executions.test.ts',
      },
    );
    const rules = covered().filter(({ rule }) => rule.startsWith('D31 '));
    expect(rules.length).toBeGreaterThanOrEqual(4);
    expect(rules.filter(({ yes, no }) => yes === 0 || no === 0)).toEqual([]);
  },
  10 * 60_000,
);
