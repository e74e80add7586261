import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/commands/run.js';
import type { Database } from '../../src/data/clients.js';
import { isDomainError } from '../../src/errors.js';
import { runWorkflow } from '../../src/execution/run-workflow.js';
import { writableOf } from '../../src/graphql/writable-of.js';
import { loadPrincipal, loadPrincipalAnew } from '../../src/identity/load-principal.js';
import { execution } from '../../src/resources/execution/execution.js';
import { createGateway } from '../../src/schema.js';
import { freshDatabase } from '../support/database.js';
import { type Identified, type Person, PLATFORM, type Spot, World } from '../support/world.js';

let db: Database;
let world: World;
let a: Spot;
let b: Spot;
let admin: Person;
let workflow: Identified;
beforeAll(async () => {
  db = await freshDatabase();
  world = new World(db.client, 'nobody signs in');
  a = await world.organization('A');
  b = await world.organization('B');
  admin = await world.user(a, 'admin', { isPlatformAdmin: true });
  workflow = await world.row('workflow', PLATFORM, 'global');
});
afterAll(() => db.close());

/** Launches as its person would, or as the worker of an execution; the id, or why not. */
async function launched(parentId: string | null, scope?: string): Promise<string> {
  const gateway = createGateway(db.client, { principalAnew: loadPrincipalAnew });
  const principal = await loadPrincipal(db.client, { userId: admin.id });
  if (principal === null) throw new Error('the admin is there');
  const context = await gateway.contextFor(principal, { scopeHeader: null });
  try {
    const [id] = await runCommand(context, {
      mutation: 'runWorkflow',
      responseKey: 'runWorkflow',
      writable: writableOf(execution),
      action: 'launch',
      id: null,
      changesAuthority: false,
      run: async (session) => [
        await runWorkflow(session, {
          workflow: workflow.id,
          input: {},
          parentId,
          ...(scope === undefined ? {} : { scope }),
        }),
      ],
    });
    return String(id);
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
}

const isRunning = (id: string) =>
  db.client.execution.update({
    where: { id },
    data: {
      ...{ status: 'RUNNING', movedBy: 'claim', attempt: 1, leaseHash: 'h', workerKeyId: id },
      ...{ leaseExpiresAt: new Date(), timeoutAt: new Date(), startedAt: new Date() },
    },
  });

describe('D33: what an execution launches', () => {
  it('is its child, its launcher’s, and in its organization', async () => {
    const root = await launched(null, b.id);
    await isRunning(root);
    expect(await launched(root)).toBe('BAD_USER_INPUT');
    const child = await launched(root, b.id);
    expect(await db.client.execution.findUniqueOrThrow({ where: { id: child } })).toMatchObject({
      ...{ parentId: root, rootId: root, depth: 1, trigger: 'AGENT', organizationId: b.id },
      ...{ launcherKind: 'USER', createdById: admin.id, ownerId: admin.id },
    });
  });

  it('is launched while its parent runs and its root is not to end', async () => {
    const root = await launched(null);
    expect(await launched(root)).toBe('CONFLICT');
    await isRunning(root);
    const child = await launched(root);
    await isRunning(child);
    await db.client.execution.update({
      where: { id: root },
      data: { status: 'CANCELLING', movedBy: 'cancel' },
    });
    expect(await launched(child)).toBe('CONFLICT');
  });

  it('is at most ten below one another', async () => {
    let last = await launched(null);
    for (let depth = 1; depth <= 10; depth += 1) {
      await isRunning(last);
      last = await launched(last);
      expect(last).not.toMatch(/^[A-Z_]+$/);
    }
    await isRunning(last);
    expect(await launched(last)).toBe('LIMIT_EXCEEDED');
  });

  it('is at most a hundred below the first', async () => {
    const root = await launched(null);
    await isRunning(root);
    const { client } = db;
    const one = await client.execution.findUniqueOrThrow({ where: { id: await launched(root) } });
    const {
      id: _id,
      contentBytes: _bytes,
      governedBy: _by,
      progress,
      result,
      errorDetail,
      submitted,
      ...same
    } = one;
    expect([progress, result, errorDetail, submitted]).toEqual([null, null, null, null]);
    await client.execution.createMany({
      data: Array.from({ length: 98 }, () => ({ ...same, input: {} })),
    });
    expect(await launched(root)).not.toBe('LIMIT_EXCEEDED');
    expect(await launched(root)).toBe('LIMIT_EXCEEDED');
    expect(await client.execution.count({ where: { rootId: root } })).toBe(101);
  });
});
