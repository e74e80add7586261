import { randomUUID } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { gatewayWith } from '../support/gateway.js';

const shared = gatewayWith(
  async (world) => {
    const a = await world.organization('A');
    const launcher = await world.user(a);
    const manager = await world.manager(a, ['execution:read']);
    const inspector = await world.manager(a, ['execution:read', 'execution:inspect']);
    const workflow = await world.row('workflow', a, 'w', {});
    const ended = async (launched: object, ending: object) => {
      const id = randomUUID();
      await world.client.execution.create({
        data: {
          ...{ id, rootId: id, kind: 'WORKFLOW', trigger: 'API' },
          ...{ targetName: 'w', targetVersion: 1, workflowId: workflow.id },
          ...{ launcherKind: 'USER', createdById: launcher.id, ownerId: launcher.id },
          ...{ organizationId: a.id, scopeId: a.scopeId, ...launched },
        },
      });
      await world.client.execution.update({
        where: { id },
        data: { status: 'FAILED', movedBy: 'reaper', finishedAt: new Date(), ...ending },
      });
      return id;
    };
    const failed = await ended(
      { input: { fixed: 1, said: 2 }, submitted: { said: 2 } },
      {
        ...{ errorCode: 'BROKEN', errorMessage: 'it "broke"', errorDetail: { at: [1, 2.5] } },
        reason: 'given up',
      },
    );
    const plain = await ended({ input: { b: 1, a: null } }, { errorCode: 'BROKEN' });
    return { launcher, manager, inspector, failed, plain };
  },
  {},
  undefined,
  { level: 'info' },
);

const SHOWN = 'targetName input reason error { __typename code message why: detail }';

/** An execution as somebody sees it: by its id, in the list, and whether both were compiled. */
async function seen(who: string, id: string) {
  const lines = () => shared.logged.map((line) => JSON.parse(line));
  const before = lines().length;
  const { data, errors, withheld } = await shared.ask(
    who,
    `query Seen($id: ID!) { execution(id: $id) { ${SHOWN} } executions { edges { node { id ${SHOWN} } } } }`,
    { id },
  );
  expect(errors).toEqual([]);
  await shared.settled();
  const mine = () => lines().find((one, n) => n >= before && one.operation?.name === 'Seen');
  await vi.waitUntil(mine, 10_000);
  expect(mine()).toMatchObject({ compiled: true });
  const listed = data.executions.edges.find(({ node }: { node: { id: string } }) => node.id === id);
  expect(listed.node).toEqual({ id, ...data.execution });
  return { ...data.execution, withheld };
}

const ERROR = { __typename: 'ExecutionError', code: 'BROKEN', message: 'it "broke"' };

it('what an execution says to its launcher, to managers and to inspectors is compiled', async () => {
  const { launcher, manager, inspector, failed } = shared.w;
  expect(await seen(inspector.email, failed)).toEqual({
    ...{ targetName: 'w', input: { fixed: 1, said: 2 }, reason: 'given up' },
    ...{ error: { ...ERROR, why: { at: [1, 2.5] } }, withheld: [] },
  });
  expect(await seen(launcher.email, failed)).toEqual({
    ...{ targetName: 'w', input: { said: 2 }, reason: null, error: { ...ERROR, why: null } },
    withheld: ['Execution.reason', 'ExecutionError.detail'],
  });
  expect(await seen(manager.email, failed)).toEqual({
    ...{ targetName: 'w', input: null, reason: null, error: null },
    withheld: ['Execution.error', 'Execution.input', 'Execution.reason'],
  });
});

it('so is one that was not submitted with a form, and says no more', async () => {
  expect(await seen(shared.w.launcher.email, shared.w.plain)).toMatchObject({
    input: { a: null, b: 1 },
    error: { code: 'BROKEN', message: null, why: null },
  });
});
